package import SignetStore

extension Administration {
    /// Creates an account.
    /// - Parameters:
    ///   - roles: values of the `roles` claim: printable ASCII without spaces, `"` and `\`.
    ///   - passwordMinimumLength: minimum length of the password in Unicode scalars.
    /// - Throws: `invalidInput` with all invalid fields; `userExists` if the e-mail address already has an account;
    ///   `busy` if the queue for password hashing or for writing is full.
    package func createUser(
        name: String, email: String, password: String, roles: [String] = [], passwordMinimumLength: Int,
        passwords: PasswordHasher
    ) async throws -> User {
        let form = try RegistrationForm(
            name: name, email: email, password: password, roles: roles,
            rule: PasswordRule(minimumLength: passwordMinimumLength))
        return try await AccountCreation(store: store, passwords: passwords, audit: audit)
            .create(form, at: now(), recordedAs: .userCreated, by: .operator)
    }

    /// A page of users in ascending order of id.
    /// - Parameter cursor: the last id of the previous page; `nil` for the first page.
    package func users(after cursor: UserID? = nil, limit: Int) async throws -> [User] {
        try await IssuerError.translating { try await store.users(after: cursor, limit: limit) }.map(User.init)
    }

    /// The user with this id or e-mail address.
    /// - Throws: `userNotFound` if no user has this id or address.
    package func user(_ idOrEmail: String) async throws -> User {
        try await IssuerError.translating {
            User(try Self.found(await store.load(StoreLookup(user: Self.key(of: idOrEmail))).user))
        }
    }

    /// Disables a user, who then cannot log in until ``enableUser(_:)``. All sessions of the user end; enabling the
    /// user does not restore them.
    /// - Returns: the user, and the number of live sessions that ended.
    /// - Throws: `userNotFound` if no user has this id or e-mail address.
    @discardableResult
    package func disableUser(_ idOrEmail: String) async throws -> (user: User, endedSessions: Int) {
        let user = try await change(idOrEmail, recordedAs: .userDisabled) { user, now in
            guard user.disabledAt == nil else { return false }
            user.disabledAt = now
            // A status list shows ended sessions, but not disabled users. Ending the sessions makes verifiers that read
            // status lists refuse the user's access tokens.
            user.endSessions(at: now, because: .administrator)
            return true
        }
        return (user, try await writeCutoff(of: user.id))
    }

    /// Lets a disabled user log in again. Sessions that ended stay ended.
    /// - Throws: `userNotFound` if no user has this id or e-mail address.
    @discardableResult
    package func enableUser(_ idOrEmail: String) async throws -> User {
        try await change(idOrEmail, recordedAs: .userEnabled) { user, _ in
            guard user.disabledAt != nil else { return false }
            user.disabledAt = nil
            return true
        }
    }

    /// Sets a user's password and ends all sessions of the user, in one transaction.
    /// - Parameter minimumLength: minimum length of the password in Unicode scalars.
    /// - Returns: the user, and the number of live sessions that ended.
    /// - Throws: `userNotFound` if no user has this id or e-mail address; `invalidInput` if the password is too short
    ///   or too long; `busy` if the queue for password hashing or for writing is full.
    @discardableResult
    package func setPassword(
        _ password: String, of idOrEmail: String, minimumLength: Int, passwords: PasswordHasher
    ) async throws -> (user: User, endedSessions: Int) {
        let form = try PasswordForm(new: password, rule: PasswordRule(minimumLength: minimumLength))
        let id = try await user(idOrEmail).id
        let hash = try await IssuerError.translating { try await passwords.hash(form.password) }
        let user = try await change(id.description, recordedAs: .passwordChanged) { user, now in
            user.passwordHash = hash
            user.endSessions(at: now, because: .passwordChange)
            return true
        }
        return (user, try await writeCutoff(of: id))
    }

    /// Deletes a user and all sessions of the user.
    /// - Throws: `userNotFound` if no user has this id or e-mail address.
    @discardableResult
    package func deleteUser(_ idOrEmail: String) async throws -> User {
        let now = now()
        return try await IssuerError.translating {
            let lookup = StoreLookup(user: try Self.key(of: idOrEmail))
            return try await AccountDeletion(store: store, audit: audit)
                .delete(recordedAs: .userDeleted, by: .operator, at: now, loading: lookup) { try Self.found($0.user) }
        }
    }

    /// What to load to find a user. No text is both an id and an e-mail address, because an id has no `@`.
    /// - Throws: `userNotFound` if the text is neither an id nor an e-mail address.
    static func key(of idOrEmail: String) throws(IssuerError) -> UserKey {
        if let id = UserID(idOrEmail) { return .id(id) }
        guard let email = try? EmailAddress(idOrEmail) else { throw unknownUser }
        return .email(email.text)
    }

    /// Returns the user that the store has loaded.
    /// - Parameter user: `nil` if the store has no such user.
    /// - Throws: `userNotFound` if `user` is `nil`.
    static func found(_ user: UserRecord?) throws(IssuerError) -> UserRecord {
        guard let user else { throw unknownUser }
        return user
    }

    private static let unknownUser = IssuerError(.userNotFound, "no user has this id or e-mail address")

    private func writeCutoff(of user: UserID) async throws -> Int {
        let now = now()
        return try await IssuerError.translating { try await CutoffWriting(store: store).run(for: user, at: now) }
    }

    /// Changes a user's record and writes an audit record, in one transaction.
    /// - Parameter body: changes the user. If it returns `false`, nothing is written or recorded.
    private func change(
        _ idOrEmail: String, recordedAs type: AuditType,
        _ body: @escaping @Sendable (inout UserRecord, Timestamp) -> Bool
    ) async throws -> User {
        let now = now()
        return try await IssuerError.translating {
            try await store.write(loading: StoreLookup(user: Self.key(of: idOrEmail))) { [audit] loaded in
                var user = try Self.found(loaded.user)
                guard body(&user, now) else { return StoreDecision(User(user)) }
                user.updatedAt = now
                return StoreDecision(
                    User(user), [.updateUser(user), audit.change(for: type, of: user, by: .operator)])
            }
        }
    }
}
