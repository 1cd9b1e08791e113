package import SignetStore
import SignetVerifier

extension Issuer {
    /// Makes a token worthless (RFC 7009).
    ///
    /// A refresh token takes its whole family with it; an access token goes alone, and its session stays. A token that
    /// is malformed, forged or dead is no error. Tokens of the first-party API may be revoked by every client that
    /// holds one; those of another registered client may not (RFC 7009 §2.1), whatever audience they are for.
    /// - Parameter client: as ``authenticate(clientID:secret:)`` returned it.
    /// - Throws: `insufficientPermission` for another client's token, `busy`, `storeUnavailable`,
    ///   `cryptographyUnavailable`.
    package func revoke(_ token: String, by client: ClientRecord, from source: RequestSource = .unknown) async throws {
        let owner = client.id
        let isRefreshToken = try await endFamily(
            of: token, because: .clientRequest, by: .client(owner), from: source
        ) { family in
            guard family.clientID == nil || family.clientID == owner else { throw Self.foreignToken }
        }
        if isRefreshToken { return }
        let now = now()
        guard let accessToken = try accessTokenCheck.goodToken(token, at: now), let tokenID = accessToken.tokenID,
            let expiresAt = accessToken.expiresAt
        else { return }
        guard accessToken.clientID == FirstParty.clientID || accessToken.clientID == owner.description else {
            throw Self.foreignToken
        }
        try await IssuerError.translating {
            if try store.read({ try $0.isRevoked(tokenID: tokenID) }) { return }
            let end = Timestamp(seconds: expiresAt.seconds) + accessTokenCheck.leeway
            let event = AuditEvent(
                .tokenRevoked, by: .client(owner), subject: accessToken.subject.flatMap { UserID($0) },
                family: accessToken.sessionID.flatMap { FamilyID($0) }, object: tokenID, from: source)
            try await store.write { [audit] writer in
                guard try !writer.isRevoked(tokenID: tokenID) else { return }
                try writer.revoke(tokenID: tokenID, until: end)
                try audit.record(event, in: writer)
            }
        }
    }

    private static let foreignToken = IssuerError(.insufficientPermission, "the token was issued to another client")
}
