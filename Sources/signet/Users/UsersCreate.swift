import ArgumentParser
import SignetIssuer
import SignetServer
import SignetStore

/// `signet users create`
struct UsersCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a user.",
        discussion: """
            The password is asked for twice, or read as one line from standard input when that is not a terminal:

              printf '%s\\n' "$PASSWORD" | signet users create --email alice@example.com --name Alice
            """)

    @Option(help: "E-mail address; the user logs in with it.") var email: String
    @Option(help: "Display name.") var name: String
    @Option(name: .customLong("role"), help: "A value of the roles claim (repeatable).") var roles: [String] = []
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let password = try PasswordPrompt.read(twice: true)
        let user = try await data.withAdministration { administration, configuration in
            try await administration.createUser(
                name: name, email: email, password: password, roles: roles,
                passwordMinimumLength: configuration.domain.passwordMinimumLength,
                passwords: PasswordHasher(threads: 1))
        }
        if output.json {
            JSONOutput.print(UserView(user: user).json)
        } else {
            print("Created user \(user.id).")
        }
    }
}
