// This target verifies RS256 signatures with OpenSSL. It must not depend on code that handles private keys.

internal import COpenSSL

/// A public RSA key that verifies RS256 signatures (RFC 7518 §3.3).
///
/// Any number of threads can verify at the same time without waiting for each other. Every call uses its own OpenSSL
/// context.
package final class RSAPublicKey: Sendable {
    /// The accepted sizes of an RSA modulus, in bits.
    package static let supportedBitCounts = 2048...8192

    /// The modulus, big-endian without leading zeros.
    package let modulus: [UInt8]
    /// The public exponent, big-endian without leading zeros.
    package let exponent: [UInt8]
    private let contexts: ContextPool<VerificationContext>

    /// Creates a key from a modulus and an exponent, both big-endian without leading zeros.
    ///
    /// - Throws: ``RSAKeyError`` if the modulus is even or does not have 2048 to 8192 bits, if the exponent is even,
    ///   below 65537 or longer than 32 bits, or if the modulus or the exponent has leading zeros.
    package init(modulus: [UInt8], exponent: [UInt8]) throws(RSAKeyError) {
        guard modulus.first != 0, exponent.first != 0 else {
            throw RSAKeyError(.malformed, "modulus and exponent: expected no leading zeros")
        }
        let bitCount = Self.bitCount(modulus)
        guard Self.supportedBitCounts.contains(bitCount) else {
            throw RSAKeyError(.unsupportedSize, "modulus: expected 2048 to 8192 bits, found \(bitCount)")
        }
        guard let last = modulus.last, last & 1 == 1 else {
            throw RSAKeyError(.notRSA, "modulus: expected an odd number")
        }
        guard exponent.count <= 4, case let value = exponent.reduce(0, { $0 << 8 | UInt64($1) }), value >= 65537,
            value & 1 == 1
        else {
            throw RSAKeyError(.unsupportedExponent, "exponent: expected an odd number, at least 65537, below 2^32")
        }
        self.modulus = modulus
        self.exponent = exponent
        contexts = ContextPool(try VerificationContext(modulus: modulus, exponent: exponent))
    }

    /// The size of the modulus in bits.
    package var bitCount: Int { Self.bitCount(modulus) }

    /// Whether `signature` is an RS256 signature of this key over `message`.
    ///
    /// A signature of the wrong length gives `false`.
    ///
    /// - Throws: ``RSAKeyError`` `failure` if memory ran out. It is then unknown whether the signature is valid.
    package func isValidSignature(_ signature: Span<UInt8>, for message: Span<UInt8>) throws(RSAKeyError) -> Bool {
        guard signature.count == modulus.count else { return false }
        let context =
            if let prepared = contexts.take() {
                prepared
            } else {
                try VerificationContext(modulus: modulus, exponent: exponent)
            }
        defer { contexts.put(context) }
        return try context.isValidSignature(signature, for: message)
    }

    /// Whether `signature` is an RS256 signature of this key over `message`.
    package func isValidSignature(_ signature: [UInt8], for message: [UInt8]) throws(RSAKeyError) -> Bool {
        try isValidSignature(signature.span, for: message.span)
    }

    private static func bitCount(_ number: [UInt8]) -> Int {
        guard let first = number.first else { return 0 }
        return number.count * 8 - first.leadingZeroBitCount
    }
}

extension RSAPublicKey {
    /// Reads the first `PUBLIC KEY` block of a PEM text (SubjectPublicKeyInfo, RFC 7468 §13).
    ///
    /// - Throws: ``RSAKeyError`` if the text has no `PUBLIC KEY` block, if the key is not plain RSA, or if
    ///   ``init(modulus:exponent:)`` refuses the modulus or the exponent.
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

extension RSAPublicKey: CustomReflectable {
    // A mirror of its own is required. Swift's default mirror crashes, because the runtime cannot reflect the context
    // pool's inline array of a noncopyable type.
    package var customMirror: Mirror { Mirror(self, children: ["bitCount": bitCount], displayStyle: .class) }
}
