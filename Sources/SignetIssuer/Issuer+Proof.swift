import SignetStore

extension Issuer {
    /// How many sessions of a user are looked through for a familiar address.
    private static let familiarSessions = 32

    /// Whether the user has a live session at this address.
    static func isFamiliar(
        _ address: String, to user: UserRecord, in reader: any StoreReader, at now: Timestamp
    ) throws -> Bool {
        try reader.families(of: user.id, after: nil, limit: familiarSessions).contains { family in
            family.applyingCutoff(of: user).isAlive(at: now)
                && (family.lastUsedAddress == address || family.createdAddress == address)
        }
    }

    /// Has somebody prove with a password that they are a user; one delay counts all failures of an account, wherever
    /// the password was asked for.
    ///
    /// The password of no user costs the same work and gets the same answer.
    /// - Parameters:
    ///   - account: normalised e-mail address.
    ///   - family: the session that asks, `nil` for a login.
    ///   - type: what the password is asked for, as the audit record of a refusal says it.
    ///   - isFamiliar: whether the user has a live session at this address.
    /// - Returns: the user, whose password hash is the one that the password was checked against.
    /// - Throws: `invalidCredentials`, also for a disabled user; `tooManyAttempts`, `busy`.
    func prove(
        _ password: String, of user: UserRecord?, account: String, in family: FamilyID? = nil, for type: AuditType,
        from source: RequestSource, isFamiliar: Bool
    ) async throws -> UserRecord {
        let attempt: LoginAttempt
        do {
            attempt = try loginGate.admit(
                account: account, address: source.address, isFamiliar: isFamiliar, at: now())
        } catch {
            audit.refused(type, of: user?.id, in: family, from: source, reason: "too_many_attempts")
            throw error
        }
        let matches: Bool
        do {
            matches = try await passwords.verify(password, against: user?.passwordHash)
        } catch {
            loginGate.abandoned(attempt)
            throw error
        }
        guard matches, let user, user.disabledAt == nil else {
            loginGate.failed(attempt, at: now())
            let reason = user == nil ? "unknown_account" : matches ? "account_disabled" : "wrong_password"
            audit.refused(type, of: user?.id, in: family, from: source, reason: reason)
            throw Self.refused
        }
        loginGate.succeeded(attempt)
        return user
    }

    /// One answer for whatever is wrong with a proof.
    static let refused = IssuerError(.invalidCredentials, "no active account with this address and password")
}
