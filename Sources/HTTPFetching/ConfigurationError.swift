/// A setting of the verifier that cannot be meant: refused when the value is made, not when the first token comes.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The fault, by its stable name.
    public enum Code: String, Sendable, CaseIterable {
        /// A name that must be there (an issuer, an audience, a client id) is empty.
        case empty
        /// No audience was given: a verifier that accepts tokens meant for others is refused.
        case noAudience
        /// A duration or a count lies outside its bounds.
        case outOfRange
        /// A URL is not an absolute `http` or `https` URL without user information and fragment.
        case malformedURL
        /// A URL is plain `http`, its host is not a loopback one, and plain `http` was not allowed.
        case insecureURL
        /// A JWKS document cannot be read or holds no usable key.
        case unusableKeys
    }

    /// The fault, stable across versions.
    public let code: Code

    /// For the operator: which setting, and what was expected.
    public let detail: String

    /// An error about one setting.
    ///
    /// - Parameters:
    ///   - code: The fault.
    ///   - detail: For logs: the setting and what was expected of it; must hold no secret.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are, whatever the detail.
    public static func == (left: ConfigurationError, right: ConfigurationError) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// The code and the detail, for logs.
    public var description: String { "\(code.rawValue): \(detail)" }
}
