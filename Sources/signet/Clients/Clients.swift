import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet clients`: the commands that create, list and delete clients (programs that use the OAuth endpoints).
struct Clients: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage clients: programs, mostly services, that introspect tokens or get tokens of their own.",
        subcommands: [ClientsCreate.self, ClientsList.self, ClientsDelete.self])
}

/// `signet clients list`: prints the clients.
struct ClientsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List clients, sorted by id.")

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: ClientID? = try page.cursor(of: "a client")
        let clients = try await data.withAdministration { administration in
            try await administration.clients(after: cursor, limit: page.limit)
        }
        let views = clients.map(ClientView.init)
        if output.json {
            JSONOutput.print(.array(views.map { .object($0.json) }))
        } else {
            print(Table(header: ClientView.header, rows: views.map(\.row)).text)
            page.noteFullPage(of: clients.count, upTo: clients.last?.id)
        }
    }
}

/// `signet clients delete`: deletes a client.
struct ClientsDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a client. Its secret stops working, and its tokens introspect as inactive.")

    @Argument(help: "Id of the client, as 'signet clients list' shows it.") var clientID: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await data.withAdministration { administration in try await administration.deleteClient(clientID) }
        print("Deleted client \(clientID).")
    }
}

/// Formats a client for output: as a table row for people or as a JSON object for scripts. The client's secret is not
/// shown, because the store holds only its hash.
struct ClientView {
    let client: Client

    static let header = ["CLIENT ID", "NAME", "SCOPES", "AUDIENCES", "INTROSPECTION", "CLIENT CREDENTIALS", "CREATED"]

    var row: [String] {
        [
            client.id.description, client.name, client.scopes.joined(separator: " "),
            client.audiences.joined(separator: " "), client.mayIntrospect ? "yes" : "no",
            client.mayUseClientCredentials ? "yes" : "no", client.createdAt.rfc3339Seconds,
        ]
    }

    var json: JSONObject {
        [
            "client_id": .string(client.id.description), "name": .string(client.name),
            "scope": .string(client.scopes.joined(separator: " ")),
            "audiences": .array(client.audiences.map { .string($0) }), "introspection": .bool(client.mayIntrospect),
            "client_credentials": .bool(client.mayUseClientCredentials),
            "created_at": .string(client.createdAt.rfc3339Seconds),
        ]
    }
}
