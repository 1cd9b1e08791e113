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

    /// Takes login, refresh and active introspection from a user until ``enableUser(_:)``. Sessions stay and are
    /// worthless meanwhile; ``revokeSessions(of:)`` ends them for good.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func disableUser(_ idOrEmail: String) async throws -> UserRecord {
        try await change(idOrEmail, as: .userDisabled) { user, now in
            guard user.disabledAt == nil else { return false }
            user.disabledAt = now
            return true
        }
    }

    /// Gives back what ``disableUser(_:)`` took.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func enableUser(_ idOrEmail: String) async throws -> UserRecord {
        try await change(idOrEmail, as: .userEnabled) { user, _ in
            guard user.disabledAt != nil else { return false }
            user.disabledAt = nil
            return true
        }
    }

    /// Removes a user with all sessions.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func deleteUser(_ idOrEmail: String) async throws -> UserRecord {
        try await IssuerError.translating {
            try await store.write { writer in
                let user = try Self.user(idOrEmail, in: writer)
                try writer.deleteUser(id: user.id)
                try audit.record(.userDeleted, of: user, by: .operator, in: writer)
                return user
            }
        }
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
