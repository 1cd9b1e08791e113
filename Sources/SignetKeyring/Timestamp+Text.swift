import FoundationEssentials
import SignetStore

extension Timestamp {
    /// RFC 3339 in UTC, whole seconds, for operators: `2026-01-31T09:30:00Z`.
    var operatorText: String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
    }
}
