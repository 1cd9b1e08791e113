import CSodium
package import SignetStore

/// Derives refresh tokens from their families and tells genuine ones from forged ones.
package struct RefreshTokenMint: Sendable {
    private static let domain = Array("signet refresh token v1".utf8)
    private static let saltLength = 16

    private let secrets: RefreshSecrets

    package init(secrets: RefreshSecrets) { self.secrets = secrets }

    /// The secret for the tokens of new generations.
    package var currentSecretID: UInt8 { secrets.currentID }

    /// The refresh token of the family's current generation, the same one whenever it is asked for.
    /// - Throws: `internal` when the family names a server secret that the keyring does not hold, `storeUnavailable`
    ///   when that is because it could not be read.
    package func currentToken(of family: FamilyRecord) throws(IssuerError) -> RefreshToken {
        try secrets.requireReadable(family.secretID)
        guard let secret = secrets[family.secretID] else {
            throw IssuerError(.internal, "family \(family.id) needs refresh secret \(family.secretID), which is gone")
        }
        let tag = Self.tag(
            secret: secret, familyID: family.id, generation: family.generation, salt: family.salt)
        return RefreshToken(
            secretID: family.secretID, familyID: family.id, generation: family.generation, tag: tag)
    }

    /// Whether `token` was made here for `family`.
    ///
    /// Does the same work for a family or a secret that does not exist, and compares in constant time.
    /// - Throws: `storeUnavailable` when the token's secret could not be read, so nobody can tell.
    package func isGenuine(_ token: RefreshToken, of family: FamilyRecord?) throws(IssuerError) -> Bool {
        try secrets.requireReadable(token.secretID)
        let known = secrets[token.secretID]
        let secret = known ?? [UInt8](repeating: 0, count: RefreshSecrets.secretLength)
        let salt = family?.salt ?? [UInt8](repeating: 0, count: Self.saltLength)
        let tag = Self.tag(
            secret: secret, familyID: token.familyID, generation: token.generation, salt: salt)
        let matches = ConstantTime.areEqual(tag, token.tag)
        return matches && known != nil && family?.id == token.familyID
    }

    /// Every part but the salt has a fixed length and the salt stands last, so no two inputs read alike.
    private static func tag(secret: [UInt8], familyID: FamilyID, generation: UInt32, salt: [UInt8]) -> [UInt8] {
        let message = domain + familyID.bytes + generation.bigEndianBytes + salt
        var tag = [UInt8](repeating: 0, count: RefreshToken.tagLength)
        _ = unsafe crypto_auth_hmacsha256(&tag, message, UInt64(message.count), secret)
        return tag
    }
}
