internal import COpenSSL

extension RSAPublicKey {
    /// Reads the first `PUBLIC KEY` block of a PEM text (SubjectPublicKeyInfo, RFC 7468 §13).
    ///
    /// - Throws: ``RSAKeyError`` when there is none, when it is no plain RSA key, and as ``init(modulus:exponent:)``.
    package convenience init(pem: String) throws(RSAKeyError) {
        let text = Array(pem.utf8)
        OpenSSLErrorQueue.clear()
        let key = unsafe text.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe PEM_read_bio_PUBKEY_ex(bio, nil, nil, nil, nil, nil)
        }
        guard let key = unsafe key else { throw OpenSSLErrorQueue.error(.malformed, "PEM: expected a public key") }
        let handle = unsafe PublicKeyHandle(takingOwnershipOf: key)
        guard unsafe EVP_PKEY_is_a(handle.pointer, "RSA") == 1 else {
            throw RSAKeyError(.notRSA, "PEM: expected a public key of type RSA")
        }
        try self.init(
            modulus: try handle.number(OSSL_PKEY_PARAM_RSA_N), exponent: try handle.number(OSSL_PKEY_PARAM_RSA_E))
    }

    /// The key as a `PUBLIC KEY` block of PEM (SubjectPublicKeyInfo, RFC 7468 §13).
    package func pem() throws(RSAKeyError) -> String {
        let handle = try PublicKeyHandle(modulus: modulus, exponent: exponent)
        OpenSSLErrorQueue.clear()
        guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw OpenSSLErrorQueue.error(.failure, "PEM buffer") }
        defer { unsafe BIO_free(bio) }
        guard unsafe PEM_write_bio_PUBKEY(bio, handle.pointer) == 1 else {
            throw OpenSSLErrorQueue.error(.failure, "PEM of a public key")
        }
        var start: UnsafePointer<CChar>?
        let count = unsafe signet_bio_data(bio, &start)
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
