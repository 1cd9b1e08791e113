import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet clients create`: creates a client and prints its id and secret.
struct ClientsCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a client and print its id and secret.",
        discussion: """
            The secret is printed only this once: the store keeps its SHA-256 hash.

              signet clients create orders-api --scope "orders.read orders.write"
            """)

    @Argument(help: "Display name of the client.") var name: String
    @Option(help: "Scope values that the client may request, separated by spaces.") var scope = ""
    @Option(
        name: .customLong("audience"),
        help: """
            Another audience whose tokens the client may request and introspect: a name or an absolute URI \
            (repeatable). The issuer's own audience is always allowed.
            """)
    var audiences: [String] = []
    @Flag(name: .customLong("no-introspection"), help: "Do not let the client introspect tokens.")
    var noIntrospection = false
    @Flag(
        name: .customLong("no-client-credentials"),
        help: "Do not let the client request tokens for itself (client credentials grant).")
    var noClientCredentials = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let (client, secret) = try await data.withAdministration { administration in
            try await administration.createClient(
                name: name, scopes: scope.split(separator: " ").map(String.init), audiences: audiences,
                mayIntrospect: !noIntrospection, mayUseClientCredentials: !noClientCredentials)
        }
        if output.json {
            var json = ClientView(client: client).json
            json["client_secret"] = .string(secret)
            JSONOutput.print(.object(json))
        } else {
            print("client_id      \(client.id)")
            print("client_secret  \(secret)")
            StandardError.write("Save the secret now: it cannot be shown again.")
        }
    }
}
