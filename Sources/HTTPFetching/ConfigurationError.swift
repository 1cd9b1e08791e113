/// The error for an invalid setting. It is thrown when a verifier or client is created, not when the first token
/// arrives.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of a fault.
    public enum Code: String, Sendable, CaseIterable {
        /// A required name (an issuer, an audience, a client id) is empty.
        case empty
        /// No audience was given. Without one, a verifier would accept tokens for other services.
        case noAudience
        /// A duration or a count is out of bounds.
        case outOfRange
        /// A URL is not an absolute `http` or `https` URL, or it has user information or a fragment.
        case malformedURL
        /// A URL is plain `http` to another machine, and plain `http` was not allowed.
        case insecureURL
        /// A JWKS document cannot be read or has no usable key.
        case unusableKeys
        /// Two verifiers of one router are for the same issuer.
        case ambiguousIssuer
    }

    /// The kind of fault. Codes do not change between versions.
    public let code: Code

    /// A text for logs: the invalid setting and what was expected.
    public let detail: String

    /// Creates an error about one setting.
    ///
    /// - Parameters:
    ///   - code: the kind of fault.
    ///   - detail: the setting and what was expected, for logs; must hold no secret.
    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Whether both errors have the same code.
    public static func == (left: ConfigurationError, right: ConfigurationError) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// The code and the detail, for logs.
    public var description: String { "\(code.rawValue): \(detail)" }
}
