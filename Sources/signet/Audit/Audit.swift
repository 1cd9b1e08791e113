import ArgumentParser

/// `signet audit`
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the audit log: who did what, from where, and whether anybody changed the records.",
        subcommands: [AuditList.self, AuditFollow.self, AuditVerify.self])
}
