/// One access token that was revoked on its own, before it expired.
package struct RevocationRecord: Sendable, Hashable {
    /// The longest `jti` that can be revoked, in UTF-8 bytes; a longer one is none of the issuer's.
    package static let longestTokenID = 255

    /// The token's `jti`, 1…255 bytes.
    package let tokenID: String
    /// When the token is dead by itself and the record may go.
    package let expiresAt: Timestamp

    package init(tokenID: String, expiresAt: Timestamp) {
        self.tokenID = tokenID
        self.expiresAt = expiresAt
    }
}
