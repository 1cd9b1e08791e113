/// Why an RSA key could not be made, read, written or used.
package struct RSAKeyError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The text is not PEM of the expected kind, or what it holds cannot be decoded.
        case malformed
        /// The key is of another type than plain RSA, or its numbers cannot be those of an RSA key.
        case notRSA
        /// The modulus has fewer than 2048 or more than 8192 bits.
        case unsupportedSize
        /// The exponent is even, below 65537, or 2^32 or more.
        case unsupportedExponent
        /// The private half does not belong to the public one, or its parts contradict each other.
        case inconsistentPair
        /// The key is encrypted and no passphrase was given.
        case passphraseMissing
        /// The key is encrypted and this passphrase does not open it.
        case passphraseWrong
        /// A key cannot be encrypted under this passphrase: it is empty or too long.
        case passphraseUnusable
        /// The cryptographic library could not do what should always work; it may be out of memory.
        case failure
    }

    package let code: Code
    /// For the operator: the step, what was expected, and what the cryptographic library had to say. No key material.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are.
    package static func == (left: RSAKeyError, right: RSAKeyError) -> Bool { left.code == right.code }

    package var description: String { "RSA key error \(code.rawValue): \(detail)" }
}
