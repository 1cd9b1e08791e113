import SignetStore

/// Creates accounts, for users who register and for operators.
struct AccountCreation: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    let audit: AuditTrail

    /// Adds a user to the store.
    /// - Parameters:
    ///   - type: the type of the audit record.
    ///   - actor: the actor of the audit record; `nil` means the new user.
    /// - Throws: `userExists` if an account has the e-mail address; `busy` if the queue for password hashing or for
    ///   writes is full; `storeUnavailable` if the store fails; `CancellationError` if the calling task was cancelled
    ///   while it waited.
    func create(
        _ form: RegistrationForm, at now: Timestamp, recordedAs type: AuditType, by actor: AuditActor? = nil,
        from source: RequestSource = .unknown
    ) async throws -> User {
        try await IssuerError.translating {
            let email = form.email.text
            // Refuse a taken address before the slow password hashing. The short response time reveals that the address
            // is taken, but the error `userExists` reveals it anyway.
            let lookup = StoreLookup(user: .email(email))
            guard try await store.load(lookup).user == nil else { throw Self.emailIsTaken }
            let user = UserRecord(
                id: .random(), email: email, name: form.name.text,
                passwordHash: try await passwords.hash(form.password), roles: form.roles, createdAt: now,
                updatedAt: now)
            try await store.write(loading: lookup) { [audit] loaded in
                // Another request may have registered the same address while this request hashed the password.
                guard loaded.user == nil else { throw Self.emailIsTaken }
                return StoreDecision([
                    .insertUser(user), audit.change(for: type, of: user, by: actor, from: source),
                ])
            }
            return User(user)
        }
    }

    private static let emailIsTaken = IssuerError(.userExists, "the e-mail address belongs to an account")
}
