import ArgumentParser
import SignetIssuer

/// `signet sessions revoke`
struct SessionsRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke one session, or every session of a user.",
        usage: """
            signet sessions revoke <session>
            signet sessions revoke --user <user>
            """)

    @Argument(help: "The session's id, as 'signet sessions list' shows it.") var session: String?
    @Option(help: "Every session of this user, by id or e-mail address.") var user: String?
    @OptionGroup var data: DataOptions

    func validate() throws {
        switch (session, user) {
        case (nil, nil):
            throw ValidationError(
                "Expected the id of a session, as 'signet sessions list' shows it, or --user for all sessions of a user."
            )
        case (_?, _?): throw ValidationError("Expected the id of a session or --user, not both.")
        default: break
        }
    }

    func run() async throws {
        let count = try await data.withAdministration { administration in
            if let user { return try await administration.revokeSessions(of: user) }
            return try await administration.revokeSession(session ?? "") ? 1 : 0
        }
        print("Revoked \(count) session\(count == 1 ? "" : "s").")
    }
}
