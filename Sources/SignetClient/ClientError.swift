import SharedState

/// An error of ``UserSession``, ``ClientCredentialsTokenSource`` or a token storage. Two errors are equal if their
/// codes are equal.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of an error's reason.
    public enum Code: String, Sendable, CaseIterable {
        /// The session holds no tokens: call `logIn` first.
        case notLoggedIn
        /// The e-mail address or the password is wrong, or the account is disabled.
        case invalidCredentials
        /// Too many logins failed. ``ClientError/retryAfter`` says how many seconds to wait.
        case tooManyAttempts
        /// A field is missing or out of bounds. ``ClientError/detail`` is the issuer's message: one line of at most 500
        /// characters.
        case invalidInput
        /// The session has expired or was revoked. Log in again.
        case sessionEnded
        /// The client id or the client secret is wrong (`invalid_client`).
        case invalidClient
        /// The client may not get this token: wrong grant, scope or audience (`unauthorized_client`, `invalid_scope`,
        /// `invalid_target`).
        case notPermitted
        /// Every attempt failed because the issuer could not be reached or was busy, or another process held the token
        /// file's lock for too long. The stored tokens are unchanged. Try again later.
        case unavailable
        /// The caller's task was cancelled while it waited. A request that was already sent continues.
        case cancelled
        /// The issuer sent a response that this library does not understand.
        case unexpectedAnswer
        /// The token storage could not be read or written.
        case storageFailed
    }

    /// The reason, stable across versions.
    public let code: Code
    /// A text for logs: what was requested and what happened. It contains no token, password or secret.
    public let detail: String
    /// The issuer's `Retry-After` in seconds; `nil` if the issuer sent none.
    public let retryAfter: Int?

    /// Creates an error with the reason `code`, a text for logs, and the issuer's `Retry-After` in seconds.
    public init(_ code: Code, _ detail: String, retryAfter: Int? = nil) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
    }

    static var cancelled: ClientError { ClientError(.cancelled, "the caller's task was cancelled while it waited") }

    /// Whether both errors have the same code.
    public static func == (left: ClientError, right: ClientError) -> Bool { left.code == right.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// The code and the detail, for logs.
    public var description: String { "\(code.rawValue): \(detail)" }
}

extension SharedResult {
    /// Waits until ``settle(_:)`` has set the result.
    ///
    /// - Throws: the error in the result; `cancelled` at once if the caller's task is cancelled.
    func get<Success: Sendable>() async throws(ClientError) -> Success where Value == Result<Success, ClientError> {
        guard let result = await value() else { throw .cancelled }
        return try result.get()
    }
}
