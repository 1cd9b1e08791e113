import SignetKeyring
import SignetStore

extension Issuer {
    /// Authenticates a client by its id and secret (RFC 6749 §2.3.1).
    ///
    /// An unknown client costs the same work as a wrong secret and gets the same answer.
    /// - Throws: `invalidClient`, `storeUnavailable`.
    package func authenticate(
        clientID: String, secret: String, from source: RequestSource = .unknown
    ) throws -> Client {
        let record = try IssuerError.translating {
            try ClientID(clientID).flatMap { id in try store.read { try $0.client(id: id) } }
        }
        let expected = record?.secretHash ?? [UInt8](repeating: 0, count: 32)
        let matches = ConstantTime.areEqual(ClientSecret.hash(secret), expected)
        guard matches, let record else {
            // An unknown id is not recorded, because it may be a secret that was sent in the wrong field.
            audit.buffer(
                AuditEvent(
                    .clientAuthentication, by: .anonymous, object: record?.id.description ?? "", from: source,
                    outcome: .refused, reason: record == nil ? "unknown_client" : "wrong_secret"))
            throw IssuerError(.invalidClient, "unknown client or wrong secret")
        }
        return Client(record)
    }

    /// Issues an access token to a client for itself (RFC 6749 §4.4).
    /// - Parameters:
    ///   - client: as ``authenticate(clientID:secret:from:)`` returned it.
    ///   - scope: space-separated, part of the client's scopes; `nil` or empty for all of them.
    ///   - target: the issuer's own audience, audiences of the client, or both.
    /// - Throws: `insufficientPermission` if the client may not use this grant, `invalidScope`, `invalidTarget`.
    package func clientCredentials(
        client: Client, scope: String?, for target: AudienceRequest = .unspecified
    ) throws(IssuerError) -> AccessTokenResponse {
        guard client.mayUseClientCredentials else {
            throw IssuerError(.insufficientPermission, "client \(client.id) may not use client credentials")
        }
        var granted = client.scopes
        if let scope, !scope.isEmpty {
            guard let requested = Scope(scope), requested.values.allSatisfy(client.scopes.contains) else {
                throw IssuerError(.invalidScope, "scope: malformed, or more than client \(client.id) has")
            }
            granted = requested.values
        }
        let audiences = try target.granted(own: configuration.audience, others: client.audiences)
        return try accessTokens.token(
            for: client, scope: granted.joined(separator: " "), audiences: audiences, at: now())
    }
}
