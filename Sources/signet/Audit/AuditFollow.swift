import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet audit follow`: prints new audit records until it is interrupted.
struct AuditFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Print new audit records as they are written, until interrupted.",
        discussion: """
            Refused attempts and replays of refresh tokens appear within a second. If they repeat, they are combined \
            into one record per minute.
            """)

    /// The maximum number of audit records that the command reads from the store at once.
    private static let batch = 512

    @OptionGroup var filter: AuditFilterOptions
    @Option(
        help: ArgumentHelp(
            """
            Start after the record with this number; 0 starts with the oldest record. Without it, only new records are \
            printed.
            """, valueName: "number"))
    var after: UInt64?
    @Flag(help: "Print one JSON object per line.") var json = false
    @OptionGroup var data: DataOptions

    func run() async throws {
        let output = AuditOutput(isJSON: json)
        try await data.withAdministration { administration in
            let query = try await filter.query(with: administration)
            var position: UInt64
            if let after { position = after } else { position = try await administration.auditHead().sequence }
            while true {
                let (records, anchor) = try await administration.auditRecords(after: position, limit: Self.batch)
                if anchor.sequence > position, position > 0 {
                    StandardError.write(
                        "signet: records \(position + 1) to \(anchor.sequence) were trimmed before they could be printed"
                    )
                }
                try output.print(records.filter(query.matches))
                position = max(position, anchor.sequence, records.last?.sequence ?? 0)
                if records.count < Self.batch { try await Task.sleep(for: .milliseconds(500)) }
            }
        }
    }
}
