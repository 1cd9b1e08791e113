// The folder Requests holds what all operations share: the source of a request, and the errors. It does not use
// accounts, tokens or keys.

import SignetStore

/// The refusal or failure of an issuer operation.
package struct IssuerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of error. Callers and tests may depend on the raw values: never change one.
    package enum Code: String, Sendable, CaseIterable {
        /// Request fields are missing or invalid. ``IssuerError/fields`` lists all of these fields.
        case invalidInput
        /// The e-mail address already belongs to an account.
        case userExists
        /// Unknown e-mail address, wrong password, or a disabled account.
        case invalidCredentials
        /// Too many failed logins of this account or from this address; see ``IssuerError/retryAfter``.
        case tooManyAttempts
        /// The access token is valid but expired.
        case tokenExpired
        /// The access token is malformed, from another issuer, revoked, or its session has ended.
        case tokenInvalid
        /// No account has this id or e-mail address.
        case userNotFound
        /// The caller has no live session with this id.
        case sessionNotFound
        /// The refresh token is malformed, forged, of a session that does not exist, or of another client.
        case refreshTokenInvalid
        /// The refresh token is genuine, but its session has expired or was revoked. If the token had been replaced
        /// earlier, its reuse may have revoked the session just now.
        case refreshTokenDead
        /// Unknown client or wrong client secret (RFC 6749 §5.2).
        case invalidClient
        /// The authenticated client may not use this operation, or may not revoke this token.
        case insufficientPermission
        /// The access token is valid, but does not have the scope `account`, which the issuer's own API requires.
        case insufficientScope
        /// The scope is malformed, or is more than the client or session has (RFC 6749 §5.2).
        case invalidScope
        /// The client or session may not get tokens for this audience (RFC 8707 §2).
        case invalidTarget
        /// No client has this id.
        case clientNotFound
        /// The password hashing queue or a queue of the store is full; see ``IssuerError/retryAfter``. Nothing was
        /// changed.
        case busy
        /// The store or a key file cannot be read or written. ``IssuerError/detail`` has the reason.
        case storeUnavailable
        /// The cryptographic library failed for lack of memory, so it is unknown whether a token is valid. Nothing was
        /// changed.
        case cryptographyUnavailable
        /// An unexpected failure inside the issuer, such as a bug. ``IssuerError/detail`` has the reason.
        case `internal`
    }

    package let code: Code
    /// For the operator's log: which step failed and what was expected. Contains no secrets, but do not send it to
    /// clients.
    package let detail: String
    /// All faulty fields of the request. Empty unless the code is `invalidInput`.
    package let fields: [FieldError]
    /// Seconds until the caller should try again, at least 1. Set only for `busy` and `tooManyAttempts`.
    package let retryAfter: Int?

    package init(_ code: Code, _ detail: String, fields: [FieldError] = [], retryAfter: Int? = nil) {
        self.code = code
        self.detail = detail
        self.fields = fields
        self.retryAfter = retryAfter
    }

    /// Two errors are equal if their codes are equal, even if ``detail`` or ``fields`` differ.
    package static func == (left: IssuerError, right: IssuerError) -> Bool { left.code == right.code }

    package var description: String {
        let faults = fields.map { " \($0.field): \($0.code.rawValue)" }.joined(separator: ",")
        return "issuer error \(code.rawValue): \(detail)\(faults)"
    }
}

extension IssuerError {
    /// Runs `operation` and maps store errors and unexpected errors to an ``IssuerError``.
    /// - Throws: an ``IssuerError`` or a `CancellationError`.
    static func translating<Result>(_ operation: () async throws -> Result) async throws -> Result {
        do {
            return try await operation()
        } catch {
            throw translation(of: error)
        }
    }

    /// Runs `operation` and maps store errors and unexpected errors to an ``IssuerError``.
    /// - Throws: an ``IssuerError`` or a `CancellationError`.
    static func translating<Result>(_ operation: () throws -> Result) throws -> Result {
        do {
            return try operation()
        } catch {
            throw translation(of: error)
        }
    }

    private static func translation(of error: any Error) -> any Error {
        switch error {
        case is IssuerError, is CancellationError:
            return error
        case let error as StoreError where error.code == .busy:
            return IssuerError(.busy, error.description, retryAfter: 1)
        case let error as StoreError where [.conflict, .notFound, .invalidRecord].contains(error.code):
            // These store errors mean a bug in Signet, because operations check for a conflict, a missing record or an
            // invalid one before they write.
            return IssuerError(.internal, error.description)
        case let error as StoreError:
            return IssuerError(.storeUnavailable, error.description)
        default:
            return IssuerError(.internal, "\(error)")
        }
    }
}
