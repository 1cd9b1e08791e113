import ArgumentParser
import FoundationEssentials
import SignetIssuer
import SignetServer
import SignetStore

/// `signet audit list`: prints the newest audit records.
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print the newest audit records, in chronological order.",
        discussion: """
            A time is RFC 3339, such as 2026-01-31T09:30:00Z or 2026-01-31T10:30:00.250+01:00, or an age: a whole \
            number and s, m, h or d, such as 90m or 7d.

              signet audit list --user alice@example.com --since 1h
              signet audit list --type login --type refresh_reused --json
            """)

    @OptionGroup var filter: AuditFilterOptions
    @Option(
        help: ArgumentHelp(
            "Print only records of this time or later: 2026-01-31T09:30:00Z, or 1h for an hour ago.", valueName: "time")
    )
    var since: AuditTime?
    @Option(help: ArgumentHelp("Print only records of this time or earlier.", valueName: "time"))
    var until: AuditTime?
    @Option(help: ArgumentHelp("Maximum number of records.", valueName: "number")) var limit = 1000
    @Flag(help: "Print one JSON object per line.") var json = false
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000.") }
    }

    func run() async throws {
        let now = Timestamp.system()
        let start = since?.timestamp(at: now) ?? Timestamp(milliseconds: .min)
        let end = until?.timestamp(at: now) ?? Timestamp(milliseconds: .max)
        let records: [RecordedEvent] = try await data.withAdministration { administration in
            var query = try await filter.query(with: administration)
            guard start <= end else { return [] }
            query.span = start...end
            return try await administration.auditRecords(query, limit: limit)
        }
        try AuditOutput(isJSON: json).print(records)
    }
}

/// The value of `--since` or `--until`: a time in RFC 3339 (`2026-01-31T09:30:00Z`), or an age (`1h` for one hour ago).
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
