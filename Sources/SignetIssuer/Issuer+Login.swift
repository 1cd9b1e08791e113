import SignetKeyring
import SignetStore

extension Issuer {
    /// Checks a password and begins a session.
    ///
    /// An e-mail address without an account costs the same work as a wrong password and gets the same answer. If the
    /// stored hash has an outdated cost, the login replaces the hash.
    /// - Parameters:
    ///   - deviceName: the name that the app gives the device. The session shows it instead of the User-Agent.
    ///   - audiences: the audiences that the session's access tokens are for; empty for the issuer's own audience. The
    ///     operator must allow all of them.
    ///   - scope: the space-separated scope of the session's access tokens; `nil` for `account`. The operator must
    ///     allow all of its values.
    ///   - decodingFaults: the request fields that could not be decoded; see
    ///     ``register(name:email:password:decodingFaults:from:)``.
    /// - Throws: `invalidInput` with all invalid fields; `invalidCredentials` for an unknown e-mail address, a wrong
    ///   password or a disabled account; `tooManyAttempts` after too many failed logins of the account or from the
    ///   network address; `busy` if the queue for password hashing or for writing is full; `storeUnavailable` if the
    ///   store or a key file cannot be used.
    package func login(
        email: String?, password: String?, from source: RequestSource, deviceName: String? = nil,
        audiences: [String] = [], scope: String? = nil, decodingFaults: [FieldError] = []
    ) async throws -> (tokens: IssuedTokens, user: User) {
        let form: LoginForm
        do {
            form = try LoginForm(
                email: email, password: password, audiences: audiences, scope: scope, policy: loginPolicy,
                decodingFaults: decodingFaults)
        } catch {
            for field in error.fields where field.code == .invalidValue {
                // The audit record must not contain what the caller sent, so the reason names the field alone.
                if ["audience", "scope"].contains(field.field) {
                    audit.refused(.login, from: source, reason: "\(field.field)_not_allowed")
                }
            }
            throw error
        }
        do {
            let (tokens, user) = try await login(form, from: source, deviceName: deviceName)
            metrics.logins.count(.succeeded)
            return (tokens, User(user))
        } catch {
            metrics.logins.count(LoginOutcome(of: error))
            throw error
        }
    }

    private func login(
        _ form: LoginForm, from source: RequestSource, deviceName: String?
    ) async throws -> (tokens: IssuedTokens, user: UserRecord) {
        let start = now()
        return try await IssuerError.translating {
            let loaded = try await store.load(
                StoreLookup(user: .email(form.email.text), families: Self.familiarSessions))
            let isFamiliar = loaded.user.map { user in
                Self.isFamiliar(source.address, to: user, with: loaded.families, at: start)
            }
            let user = try await prove(
                form.password, of: loaded.user, account: form.email.text, for: .login, from: source,
                isFamiliar: isFamiliar ?? false)
            do {
                return try await beginSession(for: user, form, from: source, deviceName: deviceName)
            } catch let error as IssuerError where error.code == .invalidCredentials {
                audit.refused(.login, of: user.id, from: source, reason: "account_changed")
                throw error
            }
        }
    }

    private func beginSession(
        for user: UserRecord, _ form: LoginForm, from source: RequestSource, deviceName: String?
    ) async throws -> (tokens: IssuedTokens, user: UserRecord) {
        // The login replaces a hash of outdated cost. If the hashing queue is full, the old hash stays, and the next
        // login tries again.
        let newHash = passwords.needsRehash(user.passwordHash) ? try? await passwords.hash(form.password) : nil
        let now = now()
        // Throws if there is no signing key. Otherwise the login would write a session that cannot get tokens.
        _ = try keyring.requireSigningKey(at: now)
        let namedSource = deviceName.map(source.naming) ?? source
        let policy = rotationPolicy(for: source, secretID: refreshTokens.currentSecretID)
        let tokensEnd = configuration.statusListFreshness.map { _ in policy.tokensEnd(after: now) }
        let (id, salt) = (FamilyID.random(), SecureRandom.bytes(16))
        let lookup = StoreLookup(user: .id(user.id), needsStatusListIndex: tokensEnd != nil)
        var known = LoadedRecords()
        known.user = user
        let (family, current) = try await store.write(loading: lookup, known: known) { [audit, configuration] loaded in
            // An operator may have disabled the user, or the password may have changed, while the password was checked.
            guard var current = loaded.user, current.disabledAt == nil, current.passwordHash == user.passwordHash
            else { throw Self.invalidCredentials }
            if let newHash { current.passwordHash = newHash }
            var family = FamilyRecord.atLogin(
                id: id, salt: salt, of: user.id, at: now, createdAt: current.beginSession(at: now), scope: form.scope,
                audiences: form.audiences, from: namedSource, policy: policy,
                sessionLifetime: configuration.sessionLifetime)
            var changes: [StoreChange] = []
            if let tokensEnd, let index = loaded.statusListIndex {
                family.statusListEntry = StatusListEntry(index: index, tokensExpireAt: tokensEnd)
                changes.append(.takeStatusListIndex(index))
            }
            changes += [
                .updateUser(current), .insertFamily(family), audit.change(for: .login, of: family, from: source),
            ]
            return StoreDecision((family, current), changes)
        }
        let grant = loginPolicy.grant(audiences: family.audiences, scope: family.scope)
        return (try tokens(of: family, for: current, grant: grant, at: now), current)
    }
}
