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
            guard try store.read({ try $0.user(email: email) }) == nil else { throw Self.emailIsTaken }
            let user = UserRecord(
                id: .random(), email: email, name: form.name.text,
                passwordHash: try await passwords.hash(form.password), roles: form.roles, createdAt: now,
                updatedAt: now)
            do {
                try await store.write { writer in
                    try writer.insert(user)
                    try audit.record(type, of: user, by: actor, from: source, in: writer)
                }
            } catch let error as StoreError where error.code == .conflict {
                // Another request registered the same address while this request hashed the password.
                throw Self.emailIsTaken
            }
            return User(user)
        }
    }

    private static let emailIsTaken = IssuerError(.userExists, "the e-mail address belongs to an account")
}
