/// Why a token was refused, or why nobody can say now.
///
/// It speaks to three readers: programs switch on ``code``, the operator reads ``detail`` in a log, and the caller gets
/// ``challenge``. None of the texts ever holds bytes of the token.
public struct VerificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, stable across versions.
    public let code: Code

    /// For the operator: the step that failed and what was expected. Never part of a response.
    public let detail: String

    /// The answer for the caller by RFC 6750: status and `WWW-Authenticate`.
    public let challenge: BearerChallenge

    /// An error with the challenge that belongs to its code.
    ///
    /// - Parameters:
    ///   - code: The reason; decides on the challenge.
    ///   - detail: For logs; must hold nothing of the token.
    ///   - scopes: What the token would need, named in the challenge of ``Code/insufficientScope``.
    ///   - retryAfter: When asking again makes sense; sent with a 503 only, rounded up to whole seconds, at least one.
    public init(_ code: Code, _ detail: String, scopes: [String] = [], retryAfter: Duration? = nil) {
        self.code = code
        self.detail = detail
        challenge = BearerChallenge(code, scopes: scopes, retryAfter: retryAfter)
    }

    /// Whether the token may be good and only the means to tell are missing: 503, to be tried again.
    public var isTemporary: Bool { challenge.status == 503 }

    public var description: String { "\(code.rawValue): \(detail)" }

    /// Errors are equal when their codes are.
    public static func == (left: VerificationError, right: VerificationError) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
