/// The error for an invalid setting. It is thrown when a verifier or client is created, not when the first token
/// arrives.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of invalid setting. Their names do not change between versions.
    public enum Code: String, Sendable, CaseIterable {
        /// A required name (an issuer, an audience, a client id) is empty.
        case empty
        /// No audience was given. Without one, a verifier would accept tokens for other services.
        case noAudience
        /// A duration or a count is too small or too large.
        case outOfRange
        /// A URL is not an absolute `http` or `https` URL, or it has user information or a fragment.
        case malformedURL
        /// A URL uses plain `http` to a host other than this machine, and the configuration does not allow this.
        case insecureURL
        /// A JWKS document cannot be read or has no usable key.
        case unusableKeys
        /// Two verifiers of one `IssuerRouter` accept tokens of the same issuer.
        case ambiguousIssuer
    }

    /// What is wrong with the setting. Programs can compare this code.
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
