import ArgumentParser
import FoundationEssentials
import SignetServer
import SignetStore

/// A time on the command line: RFC 3339 (`2026-01-31T09:30:00Z`), or how long ago (`1h`, `7d`).
struct AuditTime: ExpressibleByArgument {
    private enum Form {
        case absolute(Timestamp)
        case ago(Duration)
    }

    private let form: Form

    init?(argument: String) {
        if let duration = DurationText.parse(argument) {
            form = .ago(duration)
        } else if let date = Self.date(argument) {
            let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
            guard milliseconds.magnitude < 1e15 else { return nil }
            form = .absolute(Timestamp(milliseconds: Int64(milliseconds)))
        } else {
            return nil
        }
    }

    func timestamp(at now: Timestamp) -> Timestamp {
        switch form {
        case .absolute(let time): time
        case .ago(let duration): now - duration
        }
    }

    private static func date(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle()
        return (try? style.parse(text))
            ?? (try? style.year().month().day().time(includingFractionalSeconds: true)
                .timeZone(separator: .colon).parse(text))
    }
}
