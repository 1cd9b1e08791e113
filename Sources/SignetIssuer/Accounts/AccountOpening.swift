import SignetStore

/// Opens accounts, for people who register and for operators alike.
struct AccountOpening: Sendable {
    let store: any Store
    let passwords: PasswordHasher
    let audit: AuditTrail

    /// Adds the user.
    ///
    /// The answer for a taken address says so, hence nothing is gained by hashing for it: it is refused at once.
    /// Two that register one address at the same time are told apart by the transaction that writes.
    /// - Parameters:
    ///   - type: what the audit record says happened.
    ///   - actor: who did it; `nil` for the new user.
    /// - Throws: `userExists`, `busy`, `storeUnavailable`, `CancellationError`.
    func open(
        _ form: RegistrationForm, roles: [String], at now: Timestamp, as type: AuditType, by actor: AuditActor? = nil,
        from source: RequestSource = .unknown
    ) async throws -> UserRecord {
        try await IssuerError.translating {
            let email = form.email.text
            guard try store.read({ try $0.user(email: email) }) == nil else { throw Self.taken }
            let user = UserRecord(
                id: .random(), email: email, name: form.name.text,
                passwordHash: try await passwords.hash(form.password), roles: roles, createdAt: now, updatedAt: now)
            do {
                try await store.write { writer in
                    try writer.insert(user)
                    try audit.record(type, of: user, by: actor, from: source, in: writer)
                }
            } catch let error as StoreError where error.code == .conflict {
                throw Self.taken
            }
            return user
        }
    }

    private static let taken = IssuerError(.userExists, "the e-mail address belongs to an account")
}
