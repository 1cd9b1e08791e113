import SignetStore

/// Why the issuer refused or could not do what was asked.
package struct IssuerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Stable: what a caller may switch on and what tests compare.
    package enum Code: String, Sendable, CaseIterable {
        /// Fields are missing or out of their bounds; ``IssuerError/fields`` names every one of them.
        case invalidInput
        /// The e-mail address belongs to an account already.
        case userExists
        /// E-mail address and password do not belong together, or the account is disabled.
        case invalidCredentials
        /// Too many failed logins of this account or from this address; see ``IssuerError/retryAfter``.
        case tooManyAttempts
        /// The access token was good and its time is over.
        case tokenExpired
        /// The access token is malformed, not ours, revoked, or its session has ended.
        case tokenInvalid
        /// No account with this id or address (any more).
        case userNotFound
        /// No living session of the caller has this id.
        case sessionNotFound
        /// Malformed, forged, or of a family that does not exist.
        case refreshTokenInvalid
        /// Genuine, and its family has expired, was revoked, or has just been revoked because of it.
        case refreshTokenDead
        /// Unknown client or wrong client secret (RFC 6749 §5.2).
        case invalidClient
        /// The client is who it says and may not do this.
        case insufficientPermission
        /// A scope value that is malformed or not granted to the client (RFC 6749 §5.2).
        case invalidScope
        /// A token was asked for somebody whom the client may not get tokens for (RFC 8707 §2).
        case invalidTarget
        /// No client with this id.
        case clientNotFound
        /// More work is waiting than will be queued; see ``IssuerError/retryAfter``. Nothing was changed.
        case busy
        /// The store cannot answer; the operator's detail says why.
        case storeUnavailable
        /// The cryptographic library could not do its work, for want of memory; nothing was decided and nothing changed.
        case cryptographyUnavailable
        /// A failure that is no fault of the caller.
        case `internal`
    }

    package let code: Code
    /// For the operator: the step that failed and what was expected, without secrets. Never part of a response.
    package let detail: String
    /// Every faulty field of the request, in the order of its fields; empty for all codes but `invalidInput`.
    package let fields: [FieldError]
    /// Seconds after which another try makes sense, at least 1; for `busy` and `tooManyAttempts`.
    package let retryAfter: Int?

    package init(_ code: Code, _ detail: String, fields: [FieldError] = [], retryAfter: Int? = nil) {
        self.code = code
        self.detail = detail
        self.fields = fields
        self.retryAfter = retryAfter
    }

    /// Errors are equal when their codes are.
    package static func == (left: IssuerError, right: IssuerError) -> Bool { left.code == right.code }

    package var description: String {
        let faults = fields.map { " \($0.field): \($0.code.rawValue)" }.joined(separator: ",")
        return "issuer error \(code.rawValue): \(detail)\(faults)"
    }
}

extension IssuerError {
    /// Runs `operation` and turns the errors of the rooms below into the issuer's own.
    ///
    /// - Throws: an ``IssuerError``, or `CancellationError` as it is.
    static func translating<Result>(_ operation: () async throws -> Result) async throws -> Result {
        do {
            return try await operation()
        } catch {
            throw translation(of: error)
        }
    }

    /// Runs `operation` and turns the errors of the rooms below into the issuer's own.
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
            // Not the store's state but what was asked of it: the operations look before they write.
            return IssuerError(.internal, error.description)
        case let error as StoreError:
            return IssuerError(.storeUnavailable, error.description)
        default:
            return IssuerError(.internal, "\(error)")
        }
    }
}
