/// A public RSA key that verifies RS256 signatures (RFC 7518 §3.3).
///
/// Its contexts are prepared once and lent to one caller at a time, so that any number of threads verify at once
/// without waiting for each other.
package final class RSAPublicKey: Sendable {
    /// The sizes of modulus accepted, in bits.
    package static let supportedBitCounts = 2048...8192

    /// The modulus, big-endian without leading zeros.
    package let modulus: [UInt8]
    /// The public exponent, big-endian without leading zeros.
    package let exponent: [UInt8]
    private let contexts: ContextPool<VerificationContext>

    /// A key of these numbers, big-endian without leading zeros.
    ///
    /// - Throws: ``RSAKeyError`` for a modulus that is even or not of 2048 to 8192 bits, for an exponent that is even,
    ///   below 65537 or of more than 32 bits, and for leading zeros.
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
    /// `false` as well when its length is not that of the modulus.
    ///
    /// - Throws: ``RSAKeyError`` `failure` when there is no memory to find out: that says nothing of the signature.
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
