public import JOSE

/// What a login gives: an access token to show to services, and a refresh token to get the next pair with.
public struct TokenPair: Sendable, Hashable, CustomStringConvertible {
    /// A JWT for the `Authorization: Bearer` header.
    public let accessToken: String
    /// Opaque; of use to the issuer only, and replaced with every refresh.
    public let refreshToken: String
    /// When the access token was asked for, by this machine's clock.
    public let issuedAt: NumericDate
    /// When the access token ends, by this machine's clock.
    public let expiresAt: NumericDate
    /// When the session ends unless it is refreshed before, by this machine's clock.
    public let refreshExpiresAt: NumericDate

    /// A pair as an issuer gave it.
    public init(
        accessToken: String, refreshToken: String, issuedAt: NumericDate, expiresAt: NumericDate,
        refreshExpiresAt: NumericDate
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.refreshExpiresAt = refreshExpiresAt
    }

    /// The times alone: a pair that is logged by mistake tells no token.
    public var description: String { "TokenPair(expires at \(expiresAt), refresh until \(refreshExpiresAt))" }
}
