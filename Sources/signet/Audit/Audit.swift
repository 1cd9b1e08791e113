import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet audit`: the commands that read and check the audit log.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the audit log, and check that it was not modified.",
        subcommands: [AuditList.self, AuditFollow.self, AuditVerify.self])
}

/// The options `--user` and `--type`, which select the audit records that a command prints.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "Print only records about this user: an id or an e-mail address. A deleted user has only the id.")
    var user: String?
    @Option(
        name: .customLong("type"),
        help: ArgumentHelp("Print only records of this type (repeatable): \(Self.typeNames).", valueName: "type"))
    var types: [String] = []

    private static let typeNames = AuditType.allCases.map(\.code).joined(separator: ", ")

    func validate() throws {
        for type in types where AuditType(code: type) == nil {
            throw ValidationError("--type must be one of: \(Self.typeNames).")
        }
    }

    /// Makes the query for the audit records that match these options, without limits on the time.
    func query(with administration: Administration) async throws -> Administration.AuditQuery {
        var subject: UserID?
        if let user { subject = try await administration.auditSubject(user) }
        return Administration.AuditQuery(
            subject: subject,
            types: Set(types.compactMap { AuditType(code: $0) }))
    }
}
