internal import COpenSSL

/// Owns an `EVP_PKEY` that holds the public half of an RSA key.
@safe
struct PublicKeyHandle: ~Copyable {
    let pointer: OpaquePointer

    /// A key of these big-endian numbers, which are not checked here.
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

    /// Takes over a reference to a key of any kind.
    init(takingOwnershipOf pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe EVP_PKEY_free(pointer) }

    /// One of the numbers of the key, big-endian without leading zeros.
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
