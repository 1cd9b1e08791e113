import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet audit follow`
struct AuditFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Print audit records as they are written, until interrupted.",
        discussion: "Refused attempts and replays are written within a second; repeated ones once a minute.")

    /// Records of one reading.
    private static let batch = 512

    @OptionGroup var filter: AuditFilterOptions
    @Option(
        help: ArgumentHelp("Begin with the record after this sequence number; 0 for all.", valueName: "sequence"))
    var after: UInt64?
    @Flag(help: "Print JSON, one object a line.") var json = false
    @OptionGroup var data: DataOptions

    func run() async throws {
        let output = AuditOutput(isJSON: json)
        try await data.withAdministration { administration in
            let query = try filter.query(with: administration)
            var position = try after ?? administration.auditHead().sequence
            while true {
                let (records, anchor) = try administration.auditRecords(after: position, limit: Self.batch)
                if anchor.sequence > position, position > 0 {
                    StandardError.write("signet: records \(position + 1) to \(anchor.sequence) were trimmed")
                }
                try output.print(records.filter(query.matches))
                position = max(position, anchor.sequence, records.last?.sequence ?? 0)
                if records.count < Self.batch { try await Task.sleep(for: .milliseconds(500)) }
            }
        }
    }
}
