import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer
import SignetKeyring

// This folder holds the public documents that verifiers fetch: keys, metadata and status lists. None of its routes
// needs a credential or changes anything.

/// The routes below `/.well-known`.
struct DiscoveryRoutes: Sendable {
    let issuer: Issuer
    let identifier: IssuerIdentifier

    var routes: [Route] {
        let metadata = PublishedDocument(
            body: JSONValue.object(ServerMetadata.document(for: identifier)).serialized(),
            contentType: "application/json", maxAge: 3600, entityTag: nil)
        let answer: Route.Handler = { request, _ in metadata.response(to: request) }
        var routes = [
            Route(.get, "/.well-known/jwks.json", statuses: [200, 304], handler: keys),
            Route(.get, "/.well-known/status-lists/{id}", statuses: [200, 304, 404, 503], handler: statusList),
            Route(.get, "/.well-known/oauth-authorization-server", statuses: [200], handler: answer),
            Route(.get, "/.well-known/openid-configuration", statuses: [200], handler: answer),
        ]
        if !identifier.path.isEmpty {
            // RFC 8414 section 3.1 puts the issuer's path after the well-known name: `/.well-known/…/id`. The
            // middleware IssuerPath serves the form with the issuer's path first: `/id/.well-known/…`.
            for name in ["oauth-authorization-server", "openid-configuration"] {
                routes.append(
                    Route(.get, "/.well-known/\(name)" + identifier.path, statuses: [200], handler: answer))
            }
        }
        return routes
    }

    @Sendable
    private func keys(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let keys = issuer.publishedKeys
        return PublishedDocument(
            body: keys.body, contentType: PublishedKeys.mediaType, maxAge: keys.maxAge, entityTag: keys.entityTag
        ).response(to: request)
    }

    @Sendable
    private func statusList(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        guard let number = context.parameters.get("id").flatMap(Self.number),
            let list = try await issuer.statusList(number)
        else { throw Problem.notFound }
        return PublishedDocument(
            body: list.body, contentType: PublishedStatusList.mediaType, maxAge: list.maxAge, entityTag: list.entityTag
        ).response(to: request)
    }

    /// Reads a number from 0 to 9999 in canonical form: no sign and no leading zeros.
    private static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 4, let number = Int(text), String(number) == text else { return nil }
        return number
    }
}

/// The issuer's metadata document (RFC 8414 section 2).
enum ServerMetadata {
    /// The document of one issuer. Every endpoint URL starts with the unchanged identifier.
    static func document(for identifier: IssuerIdentifier) -> JSONObject {
        let issuer = identifier.text
        let methods: [JSONValue] = ["client_secret_basic", "client_secret_post"]
        return [
            "issuer": .string(issuer),
            "token_endpoint": .string(issuer + "/oauth2/token"),
            "jwks_uri": .string(issuer + "/.well-known/jwks.json"),
            "introspection_endpoint": .string(issuer + "/oauth2/introspect"),
            "revocation_endpoint": .string(issuer + "/oauth2/revoke"),
            "scopes_supported": [.string(FirstParty.scope)],
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials", "refresh_token"],
            // `none`: the token endpoint accepts refresh tokens of the first-party API without client authentication.
            "token_endpoint_auth_methods_supported": .array(methods + ["none"]),
            "introspection_endpoint_auth_methods_supported": .array(methods),
            "introspection_signing_alg_values_supported": ["RS256"],
            "revocation_endpoint_auth_methods_supported": .array(methods),
        ]
    }
}
