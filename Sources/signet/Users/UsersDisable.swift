import ArgumentParser
import SignetIssuer
import SignetStore

/// `signet users disable`
struct UsersDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Disable a user: no login until enabled again, and every session ends for good.")

    @Argument(help: "Id or e-mail address.") var user: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let (changed, count) = try await data.withAdministration { administration in
            try await administration.disableUser(user)
        }
        print("Disabled user \(changed.id) and revoked \(count) session\(count == 1 ? "" : "s").")
    }
}
