internal import COpenSSL
internal import RSAVerification

/// Owns an `EVP_PKEY` that holds both halves of an RSA key; OpenSSL wipes it when it goes.
@safe
final class PrivateKeyHandle: @unchecked Sendable {
    // Sendable: the key is not changed after it was made, and OpenSSL counts references to it atomically.
    let pointer: OpaquePointer

    init(takingOwnershipOf pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// A new key from OpenSSL's private random source, with exponent 65537.
    static func generate(bits: Int) throws(RSAKeyError) -> PrivateKeyHandle {
        OpenSSLErrorQueue.clear()
        guard let key = unsafe signet_generate_rsa(bits) else {
            throw OpenSSLErrorQueue.error(.failure, "generating an RSA key")
        }
        return unsafe PrivateKeyHandle(takingOwnershipOf: key)
    }

    /// One of the public numbers of the key, big-endian without leading zeros.
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

    /// - Throws: ``RSAKeyError`` when the private half is not that of the public one (OpenSSL's pairwise check).
    func checkPair() throws(RSAKeyError) {
        OpenSSLErrorQueue.clear()
        let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_pairwise_check(context) == 1 else {
            throw OpenSSLErrorQueue.error(.inconsistentPair, "checking the key pair")
        }
    }
}
