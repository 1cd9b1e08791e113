import ArgumentParser

/// `signet clients`
struct Clients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create, list and delete clients: the services and apps that use the OAuth endpoints.",
        subcommands: [ClientsCreate.self, ClientsList.self, ClientsDelete.self])
}
