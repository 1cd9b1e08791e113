internal import COpenSSL
package import RSAVerification

// This target reads, writes and generates RSA private keys and signs with them, using OpenSSL. It must not depend on
// code that stores keys or that decides what to sign.

/// An RSA key pair that makes RS256 signatures (RFC 7518 §3.3).
///
/// Any number of threads may use a key at the same time.
package final class RSAPrivateKey: Sendable {
    /// The public half of the key pair.
    package let publicKey: RSAPublicKey
    let handle: PrivateKeyHandle
    /// OpenSSL contexts that are prepared once and used by one thread at a time.
    private let contexts: ContextPool<SigningContext>

    /// Checks the public half of the key and prepares an OpenSSL context for signing.
    /// - Throws: ``RSAKeyError`` if the modulus is even or does not have 2048 to 8192 bits, if the exponent is not an
    ///   odd number from 65537 to 2^32 - 1, or if OpenSSL is out of memory.
    init(_ handle: PrivateKeyHandle) throws(RSAKeyError) {
        self.handle = handle
        publicKey = try RSAPublicKey(
            modulus: try handle.publicNumber(OSSL_PKEY_PARAM_RSA_N),
            exponent: try handle.publicNumber(OSSL_PKEY_PARAM_RSA_E))
        contexts = ContextPool(try SigningContext(handle))
    }

    /// Generates a key with exponent 65537. For 2048 bits this takes tenths of a second, for 8192 bits a minute or
    /// more.
    /// - Parameter bits: the length of the modulus, 2048 to 8192.
    /// - Throws: ``RSAKeyError`` if `bits` is outside 2048 to 8192, or if OpenSSL fails.
    package static func generate(bits: Int = 2048) throws(RSAKeyError) -> RSAPrivateKey {
        guard RSAPublicKey.supportedBitCounts.contains(bits) else {
            throw RSAKeyError(.unsupportedSize, "new key: expected 2048 to 8192 bits, found \(bits)")
        }
        return try RSAPrivateKey(try PrivateKeyHandle.generate(bits: bits))
    }

    /// The RS256 signature over `message`. The signature is as long as the modulus.
    /// - Throws: ``RSAKeyError`` with ``RSAKeyError/Code/failure`` if OpenSSL is out of memory.
    package func sign(_ message: [UInt8]) throws(RSAKeyError) -> [UInt8] {
        let context = if let prepared = contexts.take() { prepared } else { try SigningContext(handle) }
        defer { contexts.put(context) }
        return try context.sign(digest: SHA256.digest(message), signatureCount: publicKey.modulus.count)
    }
}

/// Owns an `EVP_PKEY` with both halves of an RSA key. OpenSSL wipes the private half when the `EVP_PKEY` is freed.
@safe
final class PrivateKeyHandle: @unchecked Sendable {
    // `@unchecked Sendable` is safe: the key never changes, and OpenSSL counts the references to it atomically.
    let pointer: OpaquePointer

    init(takingOwnershipOf pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// Generates a key with exponent 65537 from OpenSSL's private random source.
    static func generate(bits: Int) throws(RSAKeyError) -> PrivateKeyHandle {
        OpenSSLErrorQueue.clear()
        guard let key = unsafe signet_generate_rsa(bits) else {
            throw OpenSSLErrorQueue.error(.failure, "generating an RSA key")
        }
        return unsafe PrivateKeyHandle(takingOwnershipOf: key)
    }

    /// A public component of the key (modulus or exponent), most significant byte first and without leading zeros.
    /// - Parameter name: the name of the component, an `OSSL_PKEY_PARAM` constant.
    func publicNumber(_ name: String) throws(RSAKeyError) -> [UInt8] {
        OpenSSLErrorQueue.clear()
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number = unsafe number else {
            throw OpenSSLErrorQueue.error(.notRSA, "RSA parameter \(name)")
        }
        defer { unsafe BN_free(number) }
        let count = Int(unsafe BN_num_bits(number) + 7) / 8
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            unsafe initializedCount = Int(BN_bn2bin(number, buffer.baseAddress))
        }
    }

    /// Checks that the private half of the key matches the public half.
    /// - Throws: ``RSAKeyError`` with ``RSAKeyError/Code/inconsistentPair`` if the halves do not match.
    func checkPair() throws(RSAKeyError) {
        OpenSSLErrorQueue.clear()
        let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_pairwise_check(context) == 1 else {
            throw OpenSSLErrorQueue.error(.inconsistentPair, "checking the key pair")
        }
    }
}

/// A prepared OpenSSL context for RS256 signatures with one key.
@safe
final class SigningContext: @unchecked Sendable {
    // `@unchecked Sendable` is safe: the context pool lends a context to only one thread at a time.
    private let signing: OpaquePointer

    init(_ key: PrivateKeyHandle) throws(RSAKeyError) {
        OpenSSLErrorQueue.clear()
        guard let signing = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw OpenSSLErrorQueue.error(.failure, "signing context")
        }
        guard unsafe EVP_PKEY_sign_init(signing) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(signing, RSA_PKCS1_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_signature_md(signing, FetchedDigest.sha256.pointer) == 1
        else {
            unsafe EVP_PKEY_CTX_free(signing)
            throw OpenSSLErrorQueue.error(.failure, "signing context for RS256")
        }
        unsafe self.signing = signing
    }

    deinit { unsafe EVP_PKEY_CTX_free(signing) }

    /// The RS256 signature over a SHA-256 hash.
    /// - Parameter signatureCount: the length of the signature in bytes, which is the length of the modulus.
    func sign(digest: [UInt8], signatureCount: Int) throws(RSAKeyError) -> [UInt8] {
        OpenSSLErrorQueue.clear()
        var result: Int32 = 0
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: signatureCount) { buffer, count in
            var written = signatureCount
            unsafe result = EVP_PKEY_sign(signing, buffer.baseAddress, &written, digest, digest.count)
            count = result == 1 ? written : 0
        }
        guard result == 1, signature.count == signatureCount else {
            throw OpenSSLErrorQueue.error(.failure, "signing")
        }
        return signature
    }
}
