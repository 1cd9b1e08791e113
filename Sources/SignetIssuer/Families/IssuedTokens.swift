package import SignetStore

/// What a login or a refresh hands out.
package struct IssuedTokens: Sendable, Hashable {
    package let accessToken: String
    package let refreshToken: String
    /// Seconds until the access token expires.
    package let expiresIn: Int64
    /// Seconds until the refresh token expires if it is not used.
    package let refreshExpiresIn: Int64
    /// Space-separated scope of the access token.
    package let scope: String
    /// The family: the `sid` claim.
    package let sessionID: FamilyID
}
