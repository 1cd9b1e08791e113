import ArgumentParser
import SignetIssuer
import SignetServer
import SignetStore

/// `signet users password`: sets a user's password and ends all sessions of the user.
struct UsersPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Set a user's password and end all sessions of the user.",
        discussion: """
            Asks for the new password twice. If standard input is not a terminal, reads it as one line from standard \
            input:

              printf '%s\\n' "$PASSWORD" | signet users password alice@example.com

            SIGNET_PASSWORD_MIN_LENGTH applies to the password: set it as for the service.
            """)

    @Argument(help: "Id or e-mail address of the user.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let minimumLength = try data.settings().passwordMinimumLength()
        let password = try Prompt.password(twice: true)
        let (changed, count) = try await data.withAdministration { administration in
            try await administration.setPassword(
                password, of: user, minimumLength: minimumLength, passwords: PasswordHasher(threads: 1))
        }
        print("Set the password of user \(changed.id) and revoked \(count) session\(count == 1 ? "" : "s").")
    }
}

/// `signet users disable`: refuses further logins of a user and ends all sessions of the user.
struct UsersDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Disable a user: refuse logins until 'signet users enable', and end all sessions of the user.")

    @Argument(help: "Id or e-mail address of the user.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let (changed, count) = try await data.withAdministration { administration in
            try await administration.disableUser(user)
        }
        print("Disabled user \(changed.id) and revoked \(count) session\(count == 1 ? "" : "s").")
    }
}

/// `signet users enable`: lets a disabled user log in again.
struct UsersEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a disabled user log in again. Sessions that ended stay ended.")

    @Argument(help: "Id or e-mail address of the user.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let changed = try await data.withAdministration { administration in
            try await administration.enableUser(user)
        }
        print("Enabled user \(changed.id).")
    }
}

/// `signet users delete`: deletes a user and all sessions of the user.
struct UsersDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a user and all sessions of the user. This cannot be undone.")

    @Argument(help: "Id or e-mail address of the user.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let changed = try await data.withAdministration { administration in
            try await administration.deleteUser(user)
        }
        print("Deleted user \(changed.id).")
    }
}
