import FoundationEssentials
import SignetStore

extension Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-01-31T09:30:00.000Z`.
    var text: String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
