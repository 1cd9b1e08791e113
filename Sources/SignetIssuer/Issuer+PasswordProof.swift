import SignetStore
import SignetVerifier

// This file checks passwords: at login, and before a password change or an account deletion.

/// The user and the session that an access token belongs to.
struct Caller: Sendable {
    let token: VerifiedToken
    let user: UserRecord
    let family: FamilyID
    /// `true` if the user has a live session at the address of this request.
    let isFamiliar: Bool
}

/// The proof that a caller with an access token knows the account's password.
struct PasswordProof: Sendable {
    let token: VerifiedToken
    /// The stored hash that the password matched.
    let passwordHash: String

    /// What to load for ``recheck(with:at:)``.
    var lookup: StoreLookup { StoreLookup(token: TokenStatus.key(of: token)) }

    /// Checks the user and the session again, because the session may have ended or the password may have changed since
    /// the password check. Call this in the decision that makes the change.
    /// - Throws: `invalidCredentials` if the password changed; `tokenInvalid` if the session ended; `userNotFound` if
    ///   the user was deleted.
    func recheck(
        with loaded: LoadedRecords, at now: Timestamp
    ) throws(IssuerError) -> (user: UserRecord, family: FamilyRecord) {
        let caller = try TokenStatus(of: token, with: loaded.token, at: now).caller
        guard caller.user.passwordHash == passwordHash else { throw Issuer.invalidCredentials }
        return caller
    }
}

extension Issuer {
    /// The error for every failed password check. It does not tell callers whether the account or the password was
    /// wrong.
    static let invalidCredentials = IssuerError(
        .invalidCredentials, "no active account with this address and password")

    /// The sessions that ``isFamiliar`` searches for the caller's address: the user's first 32, in order of id.
    static let familiarSessions = FamilyPage(limit: 32)

    /// Returns `true` if one of the user's ``familiarSessions`` is live and was begun or last used at the caller's
    /// address.
    static func isFamiliar(
        _ address: String, to user: UserRecord, with families: [FamilyRecord], at now: Timestamp
    ) -> Bool {
        families.contains { family in
            family.applyingCutoff(of: user).isAlive(at: now)
                && (family.lastUsedAddress == address || family.createdAddress == address)
        }
    }

    /// Returns the user and the session that an access token belongs to.
    /// - Throws: `tokenExpired` if the token has expired; `tokenInvalid` if the token is unusable or its session has
    ///   ended; `userNotFound` if the user was deleted; `busy` or `storeUnavailable` if the store cannot be read.
    func caller(_ accessToken: String, from source: RequestSource) async throws -> Caller {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try await IssuerError.translating {
            let loaded = try await store.load(
                StoreLookup(token: TokenStatus.key(of: token), families: Self.familiarSessions))
            let (user, family) = try TokenStatus(of: token, with: loaded.token, at: now).caller
            let isFamiliar = Self.isFamiliar(source.address, to: user, with: loaded.families, at: now)
            return Caller(token: token, user: user, family: family.id, isFamiliar: isFamiliar)
        }
    }

    /// Checks the password of a user who calls with an access token.
    /// - Parameter type: the type of the audit record if the password is refused.
    /// - Throws: `invalidCredentials` if the password is wrong or the user is disabled; `tooManyAttempts` if the caller
    ///   must wait after failures; `busy` if the queue for password hashing is full; `CancellationError` if the task
    ///   was cancelled.
    func prove(
        _ password: String, of caller: Caller, for type: AuditType, from source: RequestSource
    ) async throws -> PasswordProof {
        let user = try await prove(
            password, of: caller.user, account: caller.user.email, in: caller.family, for: type, from: source,
            isFamiliar: caller.isFamiliar)
        return PasswordProof(token: caller.token, passwordHash: user.passwordHash)
    }

    /// Checks the password of an account. Failures at login, password change and account deletion count towards the
    /// same limit of attempts.
    ///
    /// An unknown account takes the same work as a known one and gets the same error, so that callers cannot find out
    /// which accounts exist.
    /// - Parameters:
    ///   - user: the account's record; `nil` if no account has the e-mail address.
    ///   - account: the normalised e-mail address, under which failures are counted.
    ///   - family: the session of the caller; `nil` at a login.
    ///   - type: the type of the audit record if the password is refused.
    ///   - isFamiliar: `true` if the user has a live session at the caller's address.
    /// - Returns: the record of the user, with the password hash that matched.
    /// - Throws: `invalidCredentials` if the password is wrong, or the user is unknown or disabled; `tooManyAttempts`
    ///   if the caller must wait after failures; `busy` if the queue for password hashing is full; `CancellationError`
    ///   if the task was cancelled.
    func prove(
        _ password: String, of user: UserRecord?, account: String, in family: FamilyID? = nil, for type: AuditType,
        from source: RequestSource, isFamiliar: Bool
    ) async throws -> UserRecord {
        let attempt: LoginAttempt
        do {
            attempt = try loginThrottle.admit(
                account: account, address: source.address, isFamiliar: isFamiliar, at: now())
        } catch {
            audit.refused(type, of: user?.id, in: family, from: source, reason: "too_many_attempts")
            throw error
        }
        let matches: Bool
        do {
            matches = try await passwords.verify(password, against: user?.passwordHash)
        } catch {
            loginThrottle.abandoned(attempt)
            throw error
        }
        guard matches, let user, user.disabledAt == nil else {
            loginThrottle.failed(attempt, at: now())
            let reason = user == nil ? "unknown_account" : matches ? "account_disabled" : "wrong_password"
            audit.refused(type, of: user?.id, in: family, from: source, reason: reason)
            throw Self.invalidCredentials
        }
        loginThrottle.succeeded(attempt)
        return user
    }

    /// Runs `change` after a successful password check. If the password was changed since the check, `change` throws
    /// `invalidCredentials`; this method then buffers an audit event and throws the same error.
    func notingChangedAccount(
        _ type: AuditType, of caller: Caller, from source: RequestSource, _ change: () async throws -> Void
    ) async throws {
        do {
            try await change()
        } catch let error as IssuerError where error.code == .invalidCredentials {
            audit.refused(type, of: caller.user.id, in: caller.family, from: source, reason: "account_changed")
            throw error
        }
    }
}
