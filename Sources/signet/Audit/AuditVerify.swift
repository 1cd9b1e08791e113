import ArgumentParser
import Glibc
import JOSE
import SignetIssuer
import SignetStore

/// `signet audit verify`: checks that no audit record was changed, moved, removed or added.
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no audit record was changed, moved, removed or added.",
        discussion: """
            Prints the head of the log: the sequence number and the hash of its newest record. Save it where nobody \
            who can write to the store can change it; the service also logs it. Pass a saved head with --head to \
            prove that no record up to it was modified.

            Exit code 0: the log is intact. Without --head, this does not exclude that its newest records were \
            removed, or that the whole log was replaced.
            Exit code 1: the log was modified, or the record of the saved head was trimmed, so that the head cannot \
            be checked.
            """)

    @Option(help: ArgumentHelp("A head that an earlier check printed.", valueName: "sequence:hash")) var head: String?
    @Flag(help: "Print the result as JSON.") var json = false
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard head.map({ AuditLink(text: $0) != nil }) ?? true else {
            throw ValidationError("--head must be a sequence number, a colon and 64 hexadecimal digits.")
        }
    }

    func run() async throws {
        let noted = head.flatMap { AuditLink(text: $0) }
        let progress = VerificationProgress()
        let report = try await data.withAdministration { administration in
            do {
                return try await administration.verifyAudit(noted: noted) { progress.report($0) }
            } catch let finding as AuditFinding {
                if json {
                    JSONOutput.print([
                        "intact": false, "finding": .string(finding.code.rawValue),
                        "sequence": .integer(Int64(clamping: finding.sequence)),
                    ])
                }
                throw Failure("the audit log is not intact: \(finding)")
            }
        }
        if json {
            var object: JSONObject = [
                "intact": true, "records": .integer(Int64(clamping: report.count)), "head": .string(report.head.text),
            ]
            if noted != nil { object["noted_head_proven"] = .bool(report.provesNotedHead ?? false) }
            JSONOutput.print(.object(object))
        } else {
            print("\(report.count) record\(report.count == 1 ? "" : "s"), intact.")
            print("head \(report.head.text)")
        }
        if let noted, report.provesNotedHead == nil {
            throw Failure("record \(noted.sequence) was trimmed, so the saved head cannot be checked")
        }
    }
}

/// Prints every two seconds how many audit records have been checked, if standard error is a terminal.
private final class VerificationProgress {
    private static let interval = Duration.seconds(2)

    private let isWanted = isatty(STDERR_FILENO) == 1
    private var last = Duration.uptime()

    func report(_ checked: UInt64) {
        guard isWanted, Duration.uptime() - last >= Self.interval else { return }
        last = .uptime()
        StandardError.write("\(checked) records checked …")
    }
}
