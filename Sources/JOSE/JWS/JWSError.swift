/// Why a compact JWS was refused before any key was looked at (RFC 7515 §5.2).
package struct JWSError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The token or its header is longer than accepted.
        case tooLarge
        /// Not exactly three parts, or one that must not be empty is.
        case malformedShape
        /// A part is not canonical unpadded base64url.
        case malformedEncoding
        /// The header is not a JSON object, or a parameter in it has the wrong type.
        case malformedHeader
        /// `alg` is anything but the string `RS256`.
        case unsupportedAlgorithm
        /// `crit` or `b64` asks for an extension, and none is supported.
        case unsupportedExtension
    }

    package let code: Code
    /// For the operator: which part or parameter, and what was expected. Never a piece of the token.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are.
    package static func == (left: JWSError, right: JWSError) -> Bool { left.code == right.code }

    package var description: String { "JWS error \(code.rawValue): \(detail)" }
}
