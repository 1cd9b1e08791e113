package import SignetStore

extension Issuer {
    /// How many sessions of a user are looked through for a familiar address.
    private static let familiarSessions = 32

    /// Checks a password and begins a session.
    ///
    /// An address without an account costs the same work and gets the same answer. A password that was hashed at
    /// another cost than new ones is hashed again.
    /// - Throws: `invalidInput` with all faulty fields, `invalidCredentials`, `tooManyAttempts`, `busy`,
    ///   `storeUnavailable`.
    package func login(
        email: String, password: String, from origin: Origin
    ) async throws -> (tokens: TokenPair, user: UserRecord) {
        let form = try LoginForm(email: email, password: password, rule: passwordRule)
        let start = now()
        return try await IssuerError.translating {
            let (user, isFamiliar) = try store.read { reader in
                try Self.candidate(form.email, at: origin.address, in: reader, now: start)
            }
            let attempt: LoginAttempt
            do {
                attempt = try loginGate.admit(
                    account: form.email.text, address: origin.address, isFamiliar: isFamiliar, at: start)
            } catch {
                audit.refused(.login, of: user?.id, from: origin, reason: "too_many_attempts")
                throw error
            }
            let matches: Bool
            do {
                matches = try await passwords.verify(form.password, against: user?.passwordHash)
            } catch {
                loginGate.abandoned(attempt)
                throw error
            }
            guard matches, let user, user.disabledAt == nil else {
                loginGate.failed(attempt, at: now())
                let reason = user == nil ? "unknown_account" : matches ? "account_disabled" : "wrong_password"
                audit.refused(.login, of: user?.id, from: origin, reason: reason)
                throw Self.refused
            }
            loginGate.succeeded(attempt)
            do {
                return try await begin(for: user, password: form.password, from: origin)
            } catch let error as IssuerError where error.code == .invalidCredentials {
                audit.refused(.login, of: user.id, from: origin, reason: "account_changed")
                throw error
            }
        }
    }

    private static let refused = IssuerError(.invalidCredentials, "no active account with this address and password")

    /// The account, if there is one, and whether it has a live session at this address.
    private static func candidate(
        _ email: EmailAddress, at address: String, in reader: any StoreReader, now: Timestamp
    ) throws -> (user: UserRecord?, isFamiliar: Bool) {
        guard let user = try reader.user(email: email.text) else { return (nil, false) }
        let families = try reader.families(of: user.id, after: nil, limit: familiarSessions)
        let isFamiliar = families.contains { family in
            family.isAlive(at: now) && (family.lastUsedAddress == address || family.createdAddress == address)
        }
        return (user, isFamiliar)
    }

    private func begin(
        for user: UserRecord, password: String, from origin: Origin
    ) async throws -> (tokens: TokenPair, user: UserRecord) {
        // A hash that cannot be renewed now, because too many others wait, is renewed at the next login.
        let newHash = passwords.needsRehash(user.passwordHash) ? try? await passwords.hash(password) : nil
        let now = now()
        let family = FamilyRecord.beginning(
            of: user.id, at: now, from: origin, secretID: refreshTokens.currentSecretID, configuration: configuration)
        let current = try await store.write { [audit] writer in
            // The user may have changed while the password was checked: what counts is the hash it was checked against.
            guard var current = try writer.user(id: user.id), current.disabledAt == nil,
                current.passwordHash == user.passwordHash
            else { throw Self.refused }
            if let newHash {
                current.passwordHash = newHash
                try writer.update(current)
            }
            try writer.insert(family)
            try audit.record(.login, of: family, from: origin, in: writer)
            return current
        }
        return (try tokens(of: family, for: current, at: now), current)
    }
}
