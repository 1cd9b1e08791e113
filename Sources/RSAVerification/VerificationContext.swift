internal import COpenSSL

/// Everything that one RS256 verification needs of OpenSSL, prepared for a key and used again and again.
///
/// It has its own copy of the key, so that two contexts share nothing, not even a lock inside the library.
@safe
final class VerificationContext: @unchecked Sendable {
    // Sendable: whoever takes the context from its pool is the only one to use it until it is put back.
    private let hashing: OpaquePointer
    private let verifying: OpaquePointer

    /// - Throws: ``RSAKeyError`` when OpenSSL does not take the numbers for a key, or is out of memory.
    init(modulus: [UInt8], exponent: [UInt8]) throws(RSAKeyError) {
        let key = try PublicKeyHandle(modulus: modulus, exponent: exponent)
        OpenSSLErrorQueue.clear()
        guard let verifying = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw OpenSSLErrorQueue.error(.failure, "verification context")
        }
        guard unsafe EVP_PKEY_verify_init(verifying) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(verifying, RSA_PKCS1_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_signature_md(verifying, FetchedDigest.sha256.pointer) == 1,
            let hashing = unsafe EVP_MD_CTX_new()
        else {
            unsafe EVP_PKEY_CTX_free(verifying)
            throw OpenSSLErrorQueue.error(.failure, "verification context for RS256")
        }
        unsafe self.hashing = hashing
        unsafe self.verifying = verifying
    }

    deinit {
        unsafe EVP_MD_CTX_free(hashing)
        unsafe EVP_PKEY_CTX_free(verifying)
    }

    /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 over `message` (RFC 8017 §8.2.2).
    ///
    /// - Throws: ``RSAKeyError`` `failure` when OpenSSL could not find out.
    func isValidSignature(_ signature: Span<UInt8>, for message: Span<UInt8>) throws(RSAKeyError) -> Bool {
        OpenSSLErrorQueue.clear()
        var digest = [32 of UInt8](repeating: 0)
        let isHashed = unsafe message.withUnsafeBufferPointer { message in
            var span = digest.mutableSpan
            return unsafe span.withUnsafeMutableBufferPointer { digest in
                unsafe EVP_DigestInit_ex2(hashing, FetchedDigest.sha256.pointer, nil) == 1
                    && EVP_DigestUpdate(hashing, message.baseAddress, message.count) == 1
                    && EVP_DigestFinal_ex(hashing, digest.baseAddress, nil) == 1
            }
        }
        guard isHashed else { throw OpenSSLErrorQueue.error(.failure, "SHA-256 of a message") }
        let result = unsafe signature.withUnsafeBufferPointer { signature in
            unsafe digest.span.withUnsafeBufferPointer { digest in
                unsafe EVP_PKEY_verify(
                    verifying, signature.baseAddress, signature.count, digest.baseAddress, digest.count)
            }
        }
        if result == 1 { return true }
        // A signature that is not good gives 0, and so does a lack of memory on the way.
        guard result == 0, !OpenSSLErrorQueue.clearFindingOutOfMemory() else {
            OpenSSLErrorQueue.clear()
            throw RSAKeyError(.failure, "RS256 verification (out of memory)")
        }
        return false
    }
}
