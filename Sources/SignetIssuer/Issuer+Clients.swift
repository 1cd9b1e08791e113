import SignetKeyring
import SignetStore

extension Issuer {
    /// Authenticates a client by its id and secret (RFC 6749 §2.3.1).
    ///
    /// An unknown client costs the same work as a wrong secret and gets the same answer, so that callers cannot find
    /// out which clients exist.
    /// - Throws: `invalidClient` if the client is unknown or the secret is wrong; `busy` or `storeUnavailable` if the
    ///   store cannot be read.
    package func authenticate(
        clientID: String, secret: String, from source: RequestSource = .unknown
    ) async throws -> Client {
        try await authenticationInquiry(clientID: clientID, secret: secret, from: source).answer()
    }

    /// The inquiry that ``authenticate(clientID:secret:from:)`` answers.
    package func authenticationInquiry(
        clientID: String, secret: String, from source: RequestSource = .unknown
    ) -> Inquiry<Client> {
        Inquiry(of: store, loading: StoreLookup(client: ClientID(clientID))) { loaded in
            try self.client(loaded.client, secret: secret, from: source)
        }
    }

    /// Checks the secret of a client.
    /// - Parameter record: the stored client whose id the caller sent; `nil` if no client has the id.
    /// - Throws: `invalidClient` if the client is unknown or the secret is wrong.
    func client(_ record: ClientRecord?, secret: String, from source: RequestSource) throws(IssuerError) -> Client {
        let expected = record?.secretHash ?? [UInt8](repeating: 0, count: 32)
        let matches = ConstantTime.areEqual(ClientSecret.hash(secret), expected)
        guard matches, let record else {
            // The audit log does not record an unknown client id, because the caller may have sent the secret in the
            // place of the id.
            audit.buffer(
                AuditEvent(
                    .clientAuthentication, by: .anonymous, object: record?.id.description ?? "", from: source,
                    outcome: .refused, reason: record == nil ? "unknown_client" : "wrong_secret"))
            throw IssuerError(.invalidClient, "unknown client or wrong secret")
        }
        return Client(record)
    }

    /// Issues an access token to a client that acts for itself (RFC 6749 §4.4).
    /// - Parameters:
    ///   - client: the client that ``authenticate(clientID:secret:from:)`` returned.
    ///   - scope: space-separated scope values, each of which the client may request. `nil` or an empty text means all
    ///     scope values that the client may request.
    ///   - target: the requested audiences: the issuer's own, those of the client, or both.
    /// - Throws: `insufficientPermission` if the client may not use the client credentials grant; `invalidScope` if the
    ///   scope is malformed or exceeds the client's; `invalidTarget` if a requested audience is not allowed.
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
