import CSodium
import JOSE
package import SignetKeyring
package import SignetStore

/// A parsed refresh token.
///
/// The text form is `srt_` and the base64url of 54 bytes:
/// - 1 byte: the version
/// - 1 byte: the number of the HMAC key
/// - 16 bytes: the id of the family (all refresh tokens of one login)
/// - 4 bytes, most significant byte first: the generation (how often the family was rotated)
/// - 32 bytes: the HMAC tag
package struct RefreshToken: Hashable, Sendable {
    static let prefix = "srt_"
    static let version: UInt8 = 1
    static let tagLength = 32
    /// Length of a token's text form in bytes: the prefix, and 72 characters of base64url for 54 bytes.
    static let textLength = prefix.utf8.count + 72

    /// Number of the HMAC key that made the token's tag.
    package let secretID: UInt8
    package let familyID: FamilyID
    package let generation: UInt32
    package let tag: [UInt8]

    init(secretID: UInt8, familyID: FamilyID, generation: UInt32, tag: [UInt8]) {
        self.secretID = secretID
        self.familyID = familyID
        self.generation = generation
        self.tag = tag
    }

    /// Parses a refresh token. Returns `nil` if the text is malformed. Does not check that the issuer made the token;
    /// ``RefreshTokenMint/isGenuine(_:of:)`` does.
    ///
    /// A text of the wrong length is refused before it is decoded.
    package init?(_ text: String) {
        let utf8 = text.utf8
        guard utf8.count == Self.textLength, utf8.starts(with: Self.prefix.utf8),
            let bytes = Base64URL.decode(text.utf8Span.span.extracting(droppingFirst: Self.prefix.utf8.count)),
            bytes.count == 22 + Self.tagLength, bytes[0] == Self.version,
            let familyID = FamilyID(bytes: bytes.span.extracting(2..<18)),
            let generation = UInt32(bigEndianBytes: bytes.span.extracting(18..<22))
        else { return nil }
        secretID = bytes[1]
        self.familyID = familyID
        self.generation = generation
        tag = Array(bytes[22...])
    }

    /// A token that belongs to no family. If the caller sent malformed text, the issuer checks this token, so that the
    /// refusal takes as long as for a forged token.
    static var placeholder: RefreshToken {
        RefreshToken(
            secretID: 0, familyID: FamilyID(high: 0, low: 0), generation: 0,
            tag: [UInt8](repeating: 0, count: tagLength))
    }

    /// The refresh token as clients receive it: `srt_`, then all fields of this token as base64url.
    package var text: String {
        let bytes = [Self.version, secretID] + familyID.bytes + generation.bigEndianBytes + tag
        return Self.prefix + Base64URL.encode(bytes)
    }
}

/// Makes refresh tokens and recognises genuine ones. A family is all refresh tokens of one login.
///
/// A token's tag is HMAC-SHA-256 over the family's id, generation (rotation counter) and salt. The HMAC key is stored
/// with the signing keys, and the salt in the store. A thief needs both to forge a token.
package struct RefreshTokenMint: Sendable {
    private static let domain = Array("signet refresh token v1".utf8)
    private static let saltLength = 16

    private let secrets: RefreshSecrets

    package init(secrets: RefreshSecrets) { self.secrets = secrets }

    /// Number of the HMAC key for new refresh tokens.
    package var currentSecretID: UInt8 { secrets.currentID }

    /// Returns the current refresh token of a family (all refresh tokens of one login). Every call with the same record
    /// returns the same token.
    /// - Throws: `internal` if the keyring does not have the family's HMAC key; `storeUnavailable` if that key exists
    ///   but could not be read.
    package func currentToken(of family: FamilyRecord) throws(IssuerError) -> RefreshToken {
        try requireReadable(family.secretID)
        guard let secret = secrets[family.secretID] else {
            throw IssuerError(
                .internal, "family \(family.id) needs refresh token HMAC key \(family.secretID), which is gone")
        }
        let tag = Self.tag(
            secret: secret, familyID: family.id, generation: family.generation, salt: family.salt)
        return RefreshToken(
            secretID: family.secretID, familyID: family.id, generation: family.generation, tag: tag)
    }

    /// Returns `true` if this issuer made `token` for `family`. The comparison takes constant time.
    ///
    /// If `family` is `nil` or the HMAC key is unknown, the result is `false` after the same work, so that the time
    /// reveals nothing to the caller.
    /// - Throws: `storeUnavailable` if the token's HMAC key exists but could not be read.
    package func isGenuine(_ token: RefreshToken, of family: FamilyRecord?) throws(IssuerError) -> Bool {
        try requireReadable(token.secretID)
        let known = secrets[token.secretID]
        let secret = known ?? [UInt8](repeating: 0, count: RefreshSecrets.secretLength)
        let salt = family?.salt ?? [UInt8](repeating: 0, count: Self.saltLength)
        let tag = Self.tag(
            secret: secret, familyID: token.familyID, generation: token.generation, salt: salt)
        let matches = ConstantTime.areEqual(tag, token.tag)
        return matches && known != nil && family?.id == token.familyID
    }

    private func requireReadable(_ secretID: UInt8) throws(IssuerError) {
        if secrets.isUnreadable(secretID) {
            throw IssuerError(.storeUnavailable, "refresh token HMAC key \(secretID) could not be read")
        }
    }

    private static func tag(secret: [UInt8], familyID: FamilyID, generation: UInt32, salt: [UInt8]) -> [UInt8] {
        // Only the salt has a variable length, and the salt comes last. Different inputs of the HMAC therefore never
        // give the same message.
        let message = domain + familyID.bytes + generation.bigEndianBytes + salt
        var tag = [UInt8](repeating: 0, count: RefreshToken.tagLength)
        _ = unsafe crypto_auth_hmacsha256(&tag, message, UInt64(message.count), secret)
        return tag
    }
}
