import SignetStore

/// Removes accounts, for people who leave and for operators alike.
struct AccountClosing: Sendable {
    /// Most sessions that one transaction removes.
    static let batchSize = 100

    let store: any Store
    let audit: AuditTrail

    /// Removes the sessions of a user, a batch at a time so that nobody waits long for the writer, and the account
    /// together with the last of them.
    ///
    /// Stopped in between, it leaves an account with fewer sessions.
    /// - Parameters:
    ///   - type: what the audit record says happened.
    ///   - actor: who did it; `nil` for the user.
    ///   - find: the user to remove; asked again in every transaction. What it throws ends the removal.
    /// - Returns: the user that was removed.
    func close(
        as type: AuditType, by actor: AuditActor? = nil, from origin: Origin = .unknown,
        _ find: @escaping @Sendable (any StoreReader) throws -> UserRecord
    ) async throws -> UserRecord {
        while true {
            let closed = try await store.write { writer -> UserRecord? in
                let user = try find(writer)
                guard try writer.removeFamilies(of: user.id, limit: Self.batchSize) < Self.batchSize else { return nil }
                try writer.deleteUser(id: user.id)
                try audit.record(type, of: user, by: actor, from: origin, in: writer)
                return user
            }
            if let closed { return closed }
        }
    }
}
