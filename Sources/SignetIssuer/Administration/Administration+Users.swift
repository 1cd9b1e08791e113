package import SignetStore

extension Administration {
    /// Most roles of one user, and most bytes of each.
    package static let maximumRoles = 32
    package static let maximumRoleLength = 64

    /// Opens an account.
    /// - Parameter roles: values of the `roles` claim: printable ASCII without space, `"` and `\`.
    /// - Throws: `invalidInput` with all faulty fields, `userExists`, `busy`.
    package func createUser(
        name: String, email: String, password: String, roles: [String] = [], passwordMinimumLength: Int,
        passwords: PasswordHasher
    ) async throws -> UserRecord {
        let rule = PasswordRule(minimumLength: passwordMinimumLength)
        var faults = FieldFaults()
        let form = try faults.adding { () throws(IssuerError) in
            try RegistrationForm(name: name, email: email, password: password, rule: rule)
        }
        let distinct = faults.value { () throws(FieldError) in try Self.checked(roles) }
        guard let form, let distinct else { throw faults.error }
        return try await AccountOpening(store: store, passwords: passwords, audit: audit)
            .open(form, roles: distinct, at: now(), as: .userCreated, by: .operator)
    }

    /// Users in ascending order of id, those after `cursor` only.
    package func users(after cursor: UserID? = nil, limit: Int) throws -> [UserRecord] {
        try IssuerError.translating { try store.read { try $0.users(after: cursor, limit: limit) } }
    }

    /// The user with this id or e-mail address.
    /// - Throws: `userNotFound`.
    package func user(_ idOrEmail: String) throws -> UserRecord {
        try IssuerError.translating { try store.read { try Self.user(idOrEmail, in: $0) } }
    }

    /// Takes login from a user until ``enableUser(_:)`` and ends all sessions for good: verifiers that never ask the
    /// issuer learn of ended sessions, not of users.
    /// - Returns: the user, and how many living sessions were ended.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func disableUser(_ idOrEmail: String) async throws -> (user: UserRecord, endedSessions: Int) {
        let user = try await change(idOrEmail, as: .userDisabled) { user, now in
            guard user.disabledAt == nil else { return false }
            user.disabledAt = now
            user.endSessions(at: now, because: .administrator)
            return true
        }
        return (user, try await writeCutoff(of: user))
    }

    /// Lets a disabled user log in again. Sessions that ended stay ended.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func enableUser(_ idOrEmail: String) async throws -> UserRecord {
        try await change(idOrEmail, as: .userEnabled) { user, _ in
            guard user.disabledAt != nil else { return false }
            user.disabledAt = nil
            return true
        }
    }

    /// Gives a user another password and ends all sessions, in one transaction.
    /// - Returns: the user, and how many living sessions were ended.
    /// - Throws: `userNotFound`, `invalidInput` (`password`), `busy`.
    @discardableResult
    package func setPassword(
        _ password: String, of idOrEmail: String, minimumLength: Int, passwords: PasswordHasher
    ) async throws -> (user: UserRecord, endedSessions: Int) {
        var faults = FieldFaults()
        faults.value { () throws(FieldError) in try PasswordRule(minimumLength: minimumLength).check(new: password) }
        guard faults.isEmpty else { throw faults.error }
        let id = try user(idOrEmail).id
        let hash = try await IssuerError.translating { try await passwords.hash(password) }
        let user = try await change(id.description, as: .passwordChanged) { user, now in
            user.passwordHash = hash
            user.endSessions(at: now, because: .passwordChange)
            return true
        }
        return (user, try await writeCutoff(of: user))
    }

    /// Removes a user with all sessions, these first and a batch at a time.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func deleteUser(_ idOrEmail: String) async throws -> UserRecord {
        let now = now()
        return try await IssuerError.translating {
            try await AccountClosing(store: store, audit: audit)
                .close(as: .userDeleted, by: .operator, at: now) { try Self.user(idOrEmail, in: $0) }
        }
    }

    private func writeCutoff(of user: UserRecord) async throws -> Int {
        let now = now()
        return try await IssuerError.translating { try await CutoffWriting(store: store).run(for: user.id, at: now) }
    }

    static func user(_ idOrEmail: String, in reader: any StoreReader) throws -> UserRecord {
        if let id = UserID(idOrEmail), let user = try reader.user(id: id) { return user }
        if let email = try? EmailAddress(idOrEmail), let user = try reader.user(email: email.text) { return user }
        throw IssuerError(.userNotFound, "no user has this id or e-mail address")
    }

    private func change(
        _ idOrEmail: String, as type: AuditType, _ body: @escaping @Sendable (inout UserRecord, Timestamp) -> Bool
    ) async throws -> UserRecord {
        let now = now()
        return try await IssuerError.translating {
            try await store.write { writer in
                var user = try Self.user(idOrEmail, in: writer)
                guard body(&user, now) else { return user }
                user.updatedAt = now
                try writer.update(user)
                try audit.record(type, of: user, by: .operator, in: writer)
                return user
            }
        }
    }

    private static func checked(_ roles: [String]) throws(FieldError) -> [String] {
        guard roles.count <= maximumRoles, roles.allSatisfy({ $0.utf8.count <= maximumRoleLength }) else {
            throw FieldError(
                field: "roles", code: .tooLong,
                message: "At most \(maximumRoles) roles of at most \(maximumRoleLength) characters")
        }
        guard roles.allSatisfy(Scope.isValue) else {
            throw FieldError(
                field: "roles", code: .forbiddenCharacter,
                message: "A role is printable ASCII without spaces and quotes")
        }
        return Array(Set(roles)).sorted()
    }
}
