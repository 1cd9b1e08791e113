/// One access token that was revoked individually before it expired.
package struct RevocationRecord: Sendable, Hashable {
    /// The longest `jti` that can be revoked, in UTF-8 bytes. The tokens that this issuer signs have a shorter `jti`.
    package static let longestTokenID = 255

    /// The token's `jti`, 1…255 bytes.
    package let tokenID: String
    /// When the token expires. From this time on, a sweep (the clean-up of expired records) may remove this record.
    package let expiresAt: Timestamp

    package init(tokenID: String, expiresAt: Timestamp) {
        self.tokenID = tokenID
        self.expiresAt = expiresAt
    }
}
