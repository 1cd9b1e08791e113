import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet clients create`
struct ClientsCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a client and print its id and secret.",
        discussion: "The secret is shown this once; the store keeps only its SHA-256.")

    @Argument(help: "What people call the client.") var name: String
    @Option(help: "Scope values that the client may ask for, separated by spaces.") var scope = ""
    @Option(
        name: .customLong("audience"),
        help: ArgumentHelp(
            "A service, beside those of the issuer's own audience, that the client may get tokens for; may be repeated.",
            discussion: "A plain name or an absolute URI. The client may also introspect the tokens for it."))
    var audiences: [String] = []
    @Flag(name: .customLong("no-introspection"), help: "The client may not introspect tokens.")
    var noIntrospection = false
    @Flag(name: .customLong("no-client-credentials"), help: "The client may not ask for tokens of its own.")
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
            StandardError.write("Keep the secret now: it cannot be shown again.")
        }
    }
}
