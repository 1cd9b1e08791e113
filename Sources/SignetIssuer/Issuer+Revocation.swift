import SignetStore
import SignetVerifier

extension Issuer {
    /// Ends the session of a refresh token. The session's access tokens introspect as inactive from now on.
    ///
    /// The token may be the session's current refresh token or an older one. A token that is malformed or forged, or
    /// whose session has ended, changes nothing and is no error.
    /// - Throws: `busy` or `storeUnavailable` if the store or the key that checks the token cannot be used.
    package func logout(refreshToken: String, from source: RequestSource = .unknown) async throws {
        _ = try await endFamily(of: refreshToken, because: .logout, from: source) { _ in }
    }

    /// Revokes a token (RFC 7009).
    ///
    /// Revoking a refresh token ends its whole family (all refresh tokens of one login), and thereby the session.
    /// Revoking an access token ends only this token, and its session continues. A malformed, forged or expired token
    /// is no error. First-party tokens come from a login through the issuer's own `/api`, and every client may revoke
    /// them. A token that was issued to a registered client may be revoked by this client alone (RFC 7009 §2.1).
    /// - Parameter client: the client that ``authenticate(clientID:secret:from:)`` returned.
    /// - Throws: `insufficientPermission` for another client's token; `busy` or `storeUnavailable` if the store or a
    ///   key cannot be used; `cryptographyUnavailable` if memory ran out.
    package func revoke(_ token: String, by client: Client, from source: RequestSource = .unknown) async throws {
        let owner = client.id
        let isRefreshToken = try await endFamily(
            of: token, because: .clientRequest, by: .client(owner), from: source
        ) { family in
            guard family.clientID == nil || family.clientID == owner else { throw Self.foreignToken }
        }
        if isRefreshToken { return }
        let now = now()
        guard let accessToken = try accessTokenCheck.validToken(token, at: now), let tokenID = accessToken.tokenID,
            let expiresAt = accessToken.expiresAt
        else { return }
        guard accessToken.clientID == FirstParty.clientID || accessToken.clientID == owner.description else {
            throw Self.foreignToken
        }
        try await IssuerError.translating {
            let lookup = StoreLookup(token: TokenKey(tokenID: tokenID))
            let known = try await store.load(lookup)
            if known.token?.isRevoked == true { return }
            let end = Timestamp(seconds: expiresAt.seconds) + accessTokenCheck.leeway
            let event = AuditEvent(
                .tokenRevoked, by: .client(owner), subject: accessToken.subject.flatMap { UserID($0) },
                family: accessToken.sessionID.flatMap { FamilyID($0) }, object: tokenID, from: source)
            try await store.write(loading: lookup, known: known) { [audit] loaded in
                // Another request may have revoked the access token before this write transaction began.
                guard loaded.token?.isRevoked != true else { return StoreDecision([]) }
                return StoreDecision([.revokeToken(id: tokenID, until: end), audit.change(for: event)])
            }
        }
    }

    /// Revokes the family (all refresh tokens of one login) of a refresh token. Does nothing if the token is not
    /// genuine or if the family has already ended.
    /// - Parameters:
    ///   - actor: the actor of the audit record; `nil` means the family's user.
    ///   - check: throws if the caller may not revoke this family.
    /// - Returns: `true` if the text was a genuine refresh token.
    private func endFamily(
        of refreshToken: String, because reason: FamilyRecord.RevocationReason, by actor: AuditActor? = nil,
        from source: RequestSource, check: @Sendable (FamilyRecord) throws -> Void
    ) async throws -> Bool {
        let now = now()
        return try await IssuerError.translating {
            guard let token = RefreshToken(refreshToken) else { return false }
            let lookup = StoreLookup(session: token.familyID)
            let known = try await store.load(lookup)
            let family = known.session?.family
            guard try refreshTokens.isGenuine(token, of: family), let family else { return false }
            try check(family)
            guard family.isAlive(at: now) else { return true }
            try await store.write(loading: lookup, known: known) { [audit] loaded in
                // Another request may have revoked or removed the session's record before this write transaction began.
                guard let family = loaded.session?.family, family.revokedAt == nil else { return StoreDecision([]) }
                let type = reason == .logout ? AuditType.logout : .sessionRevoked
                return StoreDecision([
                    .updateFamily(family.revoked(at: now, because: reason)),
                    audit.change(for: type, of: family, by: actor, from: source),
                ])
            }
            return true
        }
    }

    private static let foreignToken = IssuerError(.insufficientPermission, "the token was issued to another client")
}
