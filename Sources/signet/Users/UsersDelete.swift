import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet users delete`
struct UsersDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a user and every session of that user.")

    @Argument(help: "Id or e-mail address.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let changed = try await data.withAdministration { administration in
            try await administration.deleteUser(user)
        }
        print("Deleted user \(changed.id).")
    }
}
