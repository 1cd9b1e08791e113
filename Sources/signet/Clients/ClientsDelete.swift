import ArgumentParser
import SignetIssuer

/// `signet clients delete`
struct ClientsDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a client; its tokens introspect as inactive from then on.")

    @Argument(help: "The client's id.") var clientID: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await data.withAdministration { administration in try await administration.deleteClient(clientID) }
        print("Deleted client \(clientID).")
    }
}
