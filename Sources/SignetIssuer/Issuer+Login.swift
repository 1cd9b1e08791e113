package import SignetStore

extension Issuer {
    /// Checks a password and begins a session.
    ///
    /// An address without an account costs the same work and gets the same answer. A password that was hashed at
    /// another cost than new ones is hashed again.
    /// - Parameter deviceName: what the app calls the device; the session shows it instead of the source's.
    /// - Throws: `invalidInput` with all faulty fields, `invalidCredentials`, `tooManyAttempts`, `busy`,
    ///   `storeUnavailable`.
    package func login(
        email: String, password: String, from source: RequestSource, deviceName: String? = nil
    ) async throws -> (tokens: IssuedTokens, user: UserRecord) {
        let form = try LoginForm(email: email, password: password, rule: passwordRule)
        do {
            let session = try await proveAndBegin(form, from: source, deviceName: deviceName)
            metrics.logins.count(.succeeded)
            return session
        } catch {
            metrics.logins.count(LoginOutcome(of: error))
            throw error
        }
    }

    private func proveAndBegin(
        _ form: LoginForm, from source: RequestSource, deviceName: String?
    ) async throws -> (tokens: IssuedTokens, user: UserRecord) {
        let start = now()
        return try await IssuerError.translating {
            let (found, isFamiliar) = try store.read { reader in
                let user = try reader.user(email: form.email.text)
                let isFamiliar = try user.map { user in
                    try Self.isFamiliar(source.address, to: user, in: reader, at: start)
                }
                return (user, isFamiliar ?? false)
            }
            let user = try await prove(
                form.password, of: found, account: form.email.text, for: .login, from: source, isFamiliar: isFamiliar)
            do {
                return try await begin(for: user, password: form.password, from: source, deviceName: deviceName)
            } catch let error as IssuerError where error.code == .invalidCredentials {
                audit.refused(.login, of: user.id, from: source, reason: "account_changed")
                throw error
            }
        }
    }

    private func begin(
        for user: UserRecord, password: String, from source: RequestSource, deviceName: String?
    ) async throws -> (tokens: IssuedTokens, user: UserRecord) {
        // A hash that cannot be renewed now, because too many others wait, is renewed at the next login.
        let newHash = passwords.needsRehash(user.passwordHash) ? try? await passwords.hash(password) : nil
        let now = now()
        // Without a key to sign with, no session begins that nobody gets.
        _ = try keyring.signingKey(at: now)
        let place = deviceName.map(source.naming) ?? source
        let policy = rotationPolicy(for: source, secretID: refreshTokens.currentSecretID)
        let tokensEnd = configuration.statusListFreshness.map { _ in policy.tokensEnd(after: now) }
        let (family, current) = try await store.write { [audit, configuration] writer in
            // The user may have changed while the password was checked: what counts is the hash it was checked against.
            guard var current = try writer.user(id: user.id), current.disabledAt == nil,
                current.passwordHash == user.passwordHash
            else { throw Self.refused }
            if let newHash { current.passwordHash = newHash }
            var family = FamilyRecord.atLogin(
                of: user.id, at: now, createdAt: current.beginSession(at: now), from: place, policy: policy,
                sessionLifetime: configuration.sessionLifetime)
            if let tokensEnd {
                family.statusListEntry = StatusListEntry(
                    index: try writer.allocateStatusListIndex(), tokensExpireAt: tokensEnd)
            }
            try writer.update(current)
            try writer.insert(family)
            try audit.record(.login, of: family, from: source, in: writer)
            return (family, current)
        }
        return (try tokens(of: family, for: current, at: now), current)
    }
}
