import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet audit list`
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the newest audit records, the oldest of them first.",
        discussion: """
            A time is RFC 3339, 2026-01-31T09:30:00Z or 2026-01-31T10:30:00.250+01:00, or how long ago: a whole number \
            and s, m, h or d, such as 90m or 7d.

              signet audit list --user alice@example.com --since 1h
              signet audit list --type login --type refresh_reused --json
            """)

    @OptionGroup var filter: AuditFilterOptions
    @Option(
        help: ArgumentHelp(
            "Only records of this time or later: 2026-01-31T09:30:00Z, or 1h for an hour ago.", valueName: "time"))
    var since: AuditTime?
    @Option(help: ArgumentHelp("Only records of this time or before, in the same forms.", valueName: "time")) var until:
        AuditTime?
    @Option(help: "How many records at most.") var limit = 1000
    @Flag(help: "Print JSON, one object a line.") var json = false
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000.") }
    }

    func run() async throws {
        let now = Timestamp.system()
        let start = since?.timestamp(at: now) ?? Timestamp(milliseconds: .min)
        let end = until?.timestamp(at: now) ?? Timestamp(milliseconds: .max)
        let records: [RecordedEvent] = try await data.withAdministration { administration in
            var query = try filter.query(with: administration)
            guard start <= end else { return [] }
            query.span = start...end
            return try administration.auditRecords(query, limit: limit)
        }
        try AuditOutput(isJSON: json).print(records)
    }
}
