internal import COpenSSL
package import RSAVerification

/// An RSA key pair that makes RS256 signatures (RFC 7518 §3.3).
///
/// Contexts are prepared once and lent to one caller at a time, so that any number of threads sign at once.
package final class RSAPrivateKey: Sendable {
    /// The public half.
    package let publicKey: RSAPublicKey
    let handle: PrivateKeyHandle
    private let contexts: ContextPool<SigningContext>

    /// - Throws: ``RSAKeyError`` when the numbers are not acceptable for a public key.
    init(_ handle: PrivateKeyHandle) throws(RSAKeyError) {
        self.handle = handle
        publicKey = try RSAPublicKey(
            modulus: try handle.publicNumber(OSSL_PKEY_PARAM_RSA_N),
            exponent: try handle.publicNumber(OSSL_PKEY_PARAM_RSA_E))
        contexts = ContextPool(try SigningContext(handle))
    }

    /// A new key with exponent 65537. Takes tenths of a second for 2048 bits, a minute or more for 8192.
    ///
    /// - Throws: ``RSAKeyError`` when `bits` is not within 2048 to 8192.
    package static func generate(bits: Int = 2048) throws(RSAKeyError) -> RSAPrivateKey {
        guard RSAPublicKey.supportedBitCounts.contains(bits) else {
            throw RSAKeyError(.unsupportedSize, "new key: expected 2048 to 8192 bits, found \(bits)")
        }
        return try RSAPrivateKey(try PrivateKeyHandle.generate(bits: bits))
    }

    /// The RS256 signature over `message`, as long as the modulus.
    ///
    /// - Throws: ``RSAKeyError`` with ``RSAKeyError/Code/failure`` when OpenSSL cannot, for want of memory.
    package func sign(_ message: [UInt8]) throws(RSAKeyError) -> [UInt8] {
        let context = if let prepared = contexts.take() { prepared } else { try SigningContext(handle) }
        defer { contexts.put(context) }
        return try context.sign(digest: SHA256.digest(message), signatureCount: publicKey.modulus.count)
    }
}
