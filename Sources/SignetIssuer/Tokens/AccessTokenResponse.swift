/// An access token with what a token response says about it (RFC 6749 §5.1).
package struct AccessTokenResponse: Sendable, Hashable {
    package let accessToken: String
    /// Seconds until it expires.
    package let expiresIn: Int64
    /// Space-separated; empty for none.
    package let scope: String
}
