import ArgumentParser
import Glibc
import JOSE
import SignetIssuer
import SignetStore

/// `signet audit verify`
struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that no audit record was changed, moved, removed or added.",
        discussion: """
            Prints the head of the chain. Note it down where nobody with access to the store can change it: the service \
            logs it, too. Handed back later with --head, it proves that nothing up to it was rewritten.

            Exits with 0 when the log is intact, with 1 when it is not, or does not reach back to the noted head.
            """)

    @Option(help: ArgumentHelp("A head noted earlier.", valueName: "sequence:hash")) var head: String?
    @Flag(help: "Print JSON, for scripts.") var json = false
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
                return try administration.verifyAudit(noted: noted) { progress.report($0) }
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
            throw Failure("record \(noted.sequence) was trimmed: nothing can be said about the head noted there")
        }
    }
}
