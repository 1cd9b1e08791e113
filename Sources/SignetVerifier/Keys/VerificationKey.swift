import JOSE
package import RSAVerification

/// One public key that may have signed a token.
///
/// It stays the same object for as long as the issuer publishes the key: identity tells whether a key was withdrawn.
package final class VerificationKey: Sendable {
    package let keyID: String?
    private let publicKey: RSAPublicKey

    package init(keyID: String?, publicKey: RSAPublicKey) {
        self.keyID = keyID
        self.publicKey = publicKey
    }

    /// Whether `signature` is this key's RS256 signature of `message`.
    ///
    /// - Throws: ``VerificationError`` with `cryptographyUnavailable` when OpenSSL could not find out.
    func isValidSignature(
        _ signature: Span<UInt8>, for message: Span<UInt8>
    ) throws(VerificationError) -> Bool {
        do {
            return try publicKey.isValidSignature(signature, for: message)
        } catch {
            throw VerificationError(.cryptographyUnavailable, "signature: \(error.detail)")
        }
    }

    /// Whether `jwk` is this key under this very `kid`.
    func isSameKey(as jwk: RSAJWK) -> Bool {
        let hasSameID =
            switch (keyID, jwk.keyID) {
            case (nil, nil): true
            case (let own?, let other?): own.isExactly(other)
            default: false
            }
        return hasSameID && publicKey.modulus == jwk.modulus && publicKey.exponent == jwk.exponent
    }
}
