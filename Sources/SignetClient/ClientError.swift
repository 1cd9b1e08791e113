/// Why there is no token, or why the issuer did not do what was asked.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, by its stable name.
    public enum Code: String, Sendable, CaseIterable {
        /// The session holds no tokens: nobody has logged in, or somebody has logged out.
        case notLoggedIn
        /// E-mail address and password do not belong together, or the account is disabled.
        case invalidCredentials
        /// Too many failed logins; ``ClientError/retryAfter`` says when another try makes sense.
        case tooManyAttempts
        /// A field is missing or out of its bounds; the detail is the issuer's text about it, in one line of at most 500
        /// characters.
        case invalidInput
        /// The session is over: expired, revoked, or its refresh token was used by somebody else. Log in again.
        case sessionEnded
        /// The issuer does not know this client id with this secret (`invalid_client`).
        case invalidClient
        /// The client may not have a token, or not one with these scopes (`unauthorized_client`, `invalid_scope`,
        /// `invalid_target`).
        case notPermitted
        /// The issuer could not be reached or was busy, each time it was tried, or another process was asking it for too
        /// long. Nothing is lost: try again later.
        case unavailable
        /// The caller's task was cancelled while it waited. What it had begun goes on without it.
        case cancelled
        /// The issuer answered in a way that this library does not understand.
        case unexpectedAnswer
        /// The tokens could not be read from their storage or written to it.
        case storageFailed
    }

    /// The reason, stable across versions.
    public let code: Code
    /// For the operator: what was asked and what came, without tokens, passwords and secrets.
    public let detail: String
    /// Seconds after which another try makes sense, when the issuer said so.
    public let retryAfter: Int?

    /// An error with this reason.
    public init(_ code: Code, _ detail: String, retryAfter: Int? = nil) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
    }

    static var cancelled: ClientError { ClientError(.cancelled, "the caller's task was cancelled while it waited") }

    /// Errors are equal when their codes are, whatever the detail.
    public static func == (left: ClientError, right: ClientError) -> Bool { left.code == right.code }

    /// By the code alone, as for equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// The code and the detail, for logs.
    public var description: String { "\(code.rawValue): \(detail)" }
}
