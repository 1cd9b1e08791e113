public import JOSE

/// The tokens of one session: an access token for services, and a refresh token that gets the next pair.
public struct TokenPair: Sendable, Hashable, CustomStringConvertible {
    /// A JWT for the `Authorization: Bearer` header.
    public let accessToken: String
    /// An opaque string for the issuer alone. Every refresh replaces it.
    public let refreshToken: String
    /// When the access token was requested, by this machine's clock.
    public let issuedAt: NumericDate
    /// When the access token expires, by this machine's clock.
    public let expiresAt: NumericDate
    /// When the session expires unless it is refreshed, by this machine's clock.
    public let refreshExpiresAt: NumericDate

    /// Creates a pair from the values that an issuer returned.
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

    /// Shows only the expiry times, so that logging a pair reveals no token.
    public var description: String { "TokenPair(expires at \(expiresAt), refresh until \(refreshExpiresAt))" }
}
