import FoundationEssentials
import SignetStore

extension Timestamp {
    /// RFC 3339 in UTC, whole seconds: `2026-01-31T09:30:00Z`.
    var text: String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
    }

    /// RFC 3339 in UTC, with milliseconds: `2026-01-31T09:30:00.250Z`.
    var exactText: String {
        let fraction = String((milliseconds % 1000 + 1000) % 1000)
        return text.dropLast() + "." + String(repeating: "0", count: 3 - fraction.count) + fraction + "Z"
    }
}
