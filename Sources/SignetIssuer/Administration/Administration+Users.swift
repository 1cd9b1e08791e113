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
    package func users(after cursor: UserID? = nil, limit: Int) throws -> [User] {
        try IssuerError.translating { try store.read { try $0.users(after: cursor, limit: limit) } }.map(User.init)
    }

    /// The user with this id or e-mail address.
    /// - Throws: `userNotFound` if no user has this id or address.
    package func user(_ idOrEmail: String) throws -> User {
        User(try IssuerError.translating { try store.read { try Self.user(idOrEmail, in: $0) } })
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
        let id = try user(idOrEmail).id
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
            try await AccountDeletion(store: store, audit: audit)
                .delete(recordedAs: .userDeleted, by: .operator, at: now) { try Self.user(idOrEmail, in: $0) }
        }
    }

    static func user(_ idOrEmail: String, in reader: any StoreReader) throws -> UserRecord {
        if let id = UserID(idOrEmail), let user = try reader.user(id: id) { return user }
        if let email = try? EmailAddress(idOrEmail), let user = try reader.user(email: email.text) { return user }
        throw IssuerError(.userNotFound, "no user has this id or e-mail address")
    }

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
            try await store.write { writer in
                var user = try Self.user(idOrEmail, in: writer)
                guard body(&user, now) else { return User(user) }
                user.updatedAt = now
                try writer.update(user)
                try audit.record(type, of: user, by: .operator, in: writer)
                return User(user)
            }
        }
    }
}
