import JOSE
package import SignetStore

extension Issuer {
    /// The answer about a token as a JWT for the client that asked (RFC 9701 section 5): `typ` is
    /// `token-introspection+jwt`, and it has neither `sub` nor `exp`, so that nothing takes it for an access token.
    /// - Throws: `internal` when it cannot be signed.
    package func signed(_ introspection: IntrospectionResult, for client: ClientRecord) throws(IssuerError) -> String {
        let now = now()
        let claims: JSONObject = [
            "iss": .string(configuration.identifier), "aud": .string(client.id.description),
            "iat": .integer(now.seconds),
            "token_introspection": .object(introspection.json),
        ]
        return try keyring.signingKey(at: now).token(with: claims, type: "token-introspection+jwt")
    }
}
