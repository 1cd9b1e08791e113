import ArgumentParser
import SignetIssuer
import SignetServer
import SignetStore

/// `signet users create`: creates a user.
struct UsersCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a user.",
        discussion: """
            Asks for the password twice. If standard input is not a terminal, reads the password as one line from \
            standard input:

              printf '%s\\n' "$PASSWORD" |
                signet users create --email alice@example.com --name Alice

            SIGNET_PASSWORD_MIN_LENGTH applies to the password: set it as for the service.
            """)

    @Option(help: "E-mail address, with which the user logs in.") var email: String
    @Option(help: "Display name.") var name: String
    @Option(
        name: .customLong("role"), help: "Value of the roles claim in the user's access tokens (repeatable).")
    var roles: [String] = []
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let minimumLength = try data.settings().passwordMinimumLength()
        let password = try Prompt.password(twice: true)
        let user = try await data.withAdministration { administration in
            try await administration.createUser(
                name: name, email: email, password: password, roles: roles, passwordMinimumLength: minimumLength,
                passwords: PasswordHasher(threads: 1))
        }
        if output.json {
            JSONOutput.print(UserView(user: user).json)
        } else {
            print("Created user \(user.id).")
        }
    }
}
