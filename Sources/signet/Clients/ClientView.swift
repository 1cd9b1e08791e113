import JOSE
import SignetIssuer
import SignetStore

/// A client as the command line shows one. Its secret is not known to anyone but its owner.
struct ClientView {
    let client: Client

    static let header = ["CLIENT ID", "NAME", "SCOPES", "AUDIENCES", "INTROSPECTION", "CLIENT CREDENTIALS", "CREATED"]

    var row: [String] {
        [
            client.id.description, client.name, client.scopes.joined(separator: " "),
            client.audiences.joined(separator: " "), client.mayIntrospect ? "yes" : "no",
            client.mayUseClientCredentials ? "yes" : "no", client.createdAt.text,
        ]
    }

    var json: JSONObject {
        [
            "client_id": .string(client.id.description), "name": .string(client.name),
            "scope": .string(client.scopes.joined(separator: " ")),
            "audiences": .array(client.audiences.map { .string($0) }), "introspection": .bool(client.mayIntrospect),
            "client_credentials": .bool(client.mayUseClientCredentials), "created_at": .string(client.createdAt.text),
        ]
    }
}
