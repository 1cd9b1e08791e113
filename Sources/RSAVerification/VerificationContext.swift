internal import COpenSSL

/// The OpenSSL objects that verify RS256 signatures of one key, prepared once and reused.
///
/// Every context has its own copy of the key, because contexts that shared a key would share a lock inside OpenSSL.
@safe
final class VerificationContext: @unchecked Sendable {
    // `@unchecked Sendable` is safe: ``ContextPool`` lends a context to only one thread at a time.
    private let hashing: OpaquePointer
    private let verifying: OpaquePointer

    /// Prepares OpenSSL objects for one key.
    ///
    /// - Throws: ``RSAKeyError`` if OpenSSL refuses the modulus or the exponent, or if memory ran out.
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

    /// Whether `signature` is an RSASSA-PKCS1-v1_5 signature with SHA-256 over `message` (RFC 8017 §8.2.2).
    ///
    /// - Throws: ``RSAKeyError`` `failure` if memory ran out. It is then unknown whether the signature is valid.
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
        // OpenSSL returns 0 for a wrong signature and also if memory ran out. The error queue tells the two cases
        // apart.
        guard result == 0, !OpenSSLErrorQueue.clearFindingOutOfMemory() else {
            OpenSSLErrorQueue.clear()
            throw RSAKeyError(.failure, "RS256 verification (out of memory)")
        }
        return false
    }
}

/// Owns an OpenSSL `EVP_PKEY` with the public half of an RSA key.
@safe
struct PublicKeyHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Creates a key from a big-endian modulus and exponent. The caller must have checked the sizes of both.
    init(modulus: [UInt8], exponent: [UInt8]) throws(RSAKeyError) {
        OpenSSLErrorQueue.clear()
        let modulus = unsafe BN_bin2bn(modulus, Int32(modulus.count), nil)
        let exponent = unsafe BN_bin2bn(exponent, Int32(exponent.count), nil)
        let builder = unsafe OSSL_PARAM_BLD_new()
        defer {
            unsafe BN_free(modulus)
            unsafe BN_free(exponent)
            unsafe OSSL_PARAM_BLD_free(builder)
        }
        guard let modulus = unsafe modulus, let exponent = unsafe exponent, let builder = unsafe builder,
            unsafe signet_push_public_numbers(builder, modulus, exponent) == 1,
            let parameters = unsafe OSSL_PARAM_BLD_to_param(builder)
        else { throw OpenSSLErrorQueue.error(.failure, "RSA public key parameters") }
        defer { unsafe OSSL_PARAM_free(parameters) }

        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, signet_public_key_selection(), parameters) == 1,
            let key = unsafe key
        else { throw OpenSSLErrorQueue.error(.notRSA, "RSA public key from its numbers") }
        unsafe pointer = key
    }

    /// Takes ownership of one reference to an `EVP_PKEY`. The key type is not checked.
    init(takingOwnershipOf pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// Returns a component of the key, big-endian without leading zeros.
    /// - Parameter name: OpenSSL's name of the component, for example `OSSL_PKEY_PARAM_RSA_N` for the modulus.
    func number(_ name: String) throws(RSAKeyError) -> [UInt8] {
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
}
