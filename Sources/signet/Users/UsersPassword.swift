import ArgumentParser
import SignetIssuer
import SignetServer
import SignetStore

/// `signet users password`
struct UsersPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Set a user's password and end all sessions of that user.",
        discussion: """
            The new password is asked for twice, or read as one line from standard input when that is not a terminal:

              printf '%s\\n' "$PASSWORD" | signet users password alice@example.com
            """)

    @Argument(help: "Id or e-mail address.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let password = try PasswordPrompt.read(twice: true)
        let (changed, count) = try await data.withAdministration { administration, configuration in
            try await administration.setPassword(
                password, of: user, minimumLength: configuration.domain.passwordMinimumLength,
                passwords: PasswordHasher(threads: 1))
        }
        print("Set the password of user \(changed.id) and revoked \(count) session\(count == 1 ? "" : "s").")
    }
}
