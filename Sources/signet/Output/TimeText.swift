import FoundationEssentials
import SignetStore

extension Timestamp {
    /// RFC 3339 in UTC, whole seconds: `2026-01-31T09:30:00Z`.
    var text: String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
    }
}
