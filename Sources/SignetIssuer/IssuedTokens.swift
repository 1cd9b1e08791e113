package import SignetStore

/// The response to a login or a refresh: an access token and a refresh token.
package struct IssuedTokens: Sendable, Hashable {
    package let accessToken: String
    package let refreshToken: String
    /// Seconds until the access token expires.
    package let expiresIn: Int64
    /// Seconds until the refresh token expires if it is not used.
    package let refreshExpiresIn: Int64
    /// Space-separated scope of the access token.
    package let scope: String
    /// The id of the session, which is also the `sid` claim of its access tokens.
    package let sessionID: FamilyID
}

extension Issuer {
    /// Returns a response with the current refresh token of the session `family` and a new access token.
    /// - Parameter grant: audiences and scope of the access token, a part of what the session's login granted.
    /// - Throws: `storeUnavailable` if no key may sign the access token, or if the HMAC key of the refresh token could
    ///   not be read; `internal` if the keyring no longer has that HMAC key.
    func tokens(
        of family: FamilyRecord, for user: UserRecord, grant: LoginGrant, at now: Timestamp
    ) throws(IssuerError) -> IssuedTokens {
        let access = try accessTokens.token(
            for: family, of: user, scope: grant.scope, audiences: grant.audiences, at: now)
        let end = min(family.idleExpiresAt, family.expiresAt)
        return IssuedTokens(
            accessToken: access.accessToken, refreshToken: try refreshTokens.currentToken(of: family).text,
            expiresIn: access.expiresIn, refreshExpiresIn: max(0, end.seconds - now.seconds), scope: access.scope,
            sessionID: family.id)
    }

    /// The configured token lifetimes for a login or a refresh, with the caller's address from `source`.
    /// - Parameter secretID: number of the HMAC key that makes the next refresh token.
    func rotationPolicy(for source: RequestSource, secretID: UInt8) -> RotationPolicy {
        RotationPolicy(
            reuseWindow: configuration.reuseWindow, idleLifetime: configuration.refreshTokenIdleLifetime,
            secretID: secretID, accessTokenLifetime: configuration.accessTokenLifetime,
            address: source.address)
    }
}
