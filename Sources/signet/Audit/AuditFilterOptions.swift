import ArgumentParser
import SignetIssuer
import SignetStore

/// Which audit records a command shows, by account and type.
struct AuditFilterOptions: ParsableArguments {
    @Option(help: "Only records about this user, by id or e-mail address; for a deleted user, the id.")
    var user: String?
    @Option(
        name: .customLong("type"),
        help: ArgumentHelp(
            "Only records of this type (repeatable): \(AuditType.allCases.map(\.code).joined(separator: ", ")).",
            valueName: "type"))
    var types: [String] = []

    func validate() throws {
        for type in types where AuditType(code: type) == nil {
            let known = AuditType.allCases.map(\.code).joined(separator: ", ")
            throw ValidationError("--type must be one of: \(known).")
        }
    }

    /// The records that are wanted, of any time.
    func query(with administration: Administration) throws -> Administration.AuditQuery {
        Administration.AuditQuery(
            subject: try user.map { try administration.auditSubject($0) },
            types: Set(types.compactMap { AuditType(code: $0) }))
    }
}
