import ArgumentParser
import SignetIssuer

/// `signet sessions revoke`
struct SessionsRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke every session of a user.")

    @Option(help: "The user, by id or e-mail address.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let count = try await data.withAdministration { administration in
            try await administration.revokeSessions(of: user)
        }
        print("Revoked \(count) session\(count == 1 ? "" : "s").")
    }
}
