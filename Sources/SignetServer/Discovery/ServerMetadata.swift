import JOSE
import SignetIssuer

/// The metadata document of RFC 8414 section 2.
enum ServerMetadata {
    /// The document of an issuer: every endpoint is the identifier with a path behind it, the identifier byte for byte.
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
            // A session of the first-party API is refreshed without a client.
            "token_endpoint_auth_methods_supported": .array(methods + ["none"]),
            "introspection_endpoint_auth_methods_supported": .array(methods),
            "introspection_signing_alg_values_supported": ["RS256"],
            "revocation_endpoint_auth_methods_supported": .array(methods),
        ]
    }
}
