/// Why a JWK or a JWK Set was refused (RFC 7517).
package struct JWKError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The document has too many bytes or too many keys.
        case tooLarge
        /// The document is not strict JSON, or not an object with an array `keys`.
        case malformedDocument
        /// The key is of another type than RSA.
        case unsupportedType
        /// A member of the key is missing, has the wrong type, or is not spelled canonically.
        case malformedKey
        /// `use`, `key_ops` or `alg` keep the key from verifying RS256.
        case notForVerification
    }

    package let code: Code
    /// For the operator: the member and what was expected.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are.
    package static func == (left: JWKError, right: JWKError) -> Bool { left.code == right.code }

    package var description: String { "JWK error \(code.rawValue): \(detail)" }
}
