internal import COpenSSL
internal import RSAVerification

/// Everything that one RS256 signature needs of OpenSSL, prepared for a key and used again and again.
@safe
final class SigningContext: @unchecked Sendable {
    // Sendable: whoever takes the context from its pool is the only one to use it until it is put back.
    private let signing: OpaquePointer

    /// - Throws: ``RSAKeyError`` when OpenSSL is out of memory.
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

    /// The signature over a SHA-256 hash, as long as the modulus.
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
