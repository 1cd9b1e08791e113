import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet users enable`
struct UsersEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Enable a disabled user again; sessions that ended stay ended.")

    @Argument(help: "Id or e-mail address.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let changed = try await data.withAdministration { administration in
            try await administration.enableUser(user)
        }
        print("Enabled user \(changed.id).")
    }
}
