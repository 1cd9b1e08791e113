import SignetStore

/// Deletes accounts, at the request of their users or of operators.
struct AccountDeletion: Sendable {
    /// Maximum number of sessions that one transaction removes.
    static let batchSize = 100

    let store: any Store
    let audit: AuditTrail

    /// Removes a user and all sessions of that user.
    ///
    /// If the user has fewer than ``batchSize`` sessions, one transaction removes everything. Otherwise the first
    /// transaction ends all sessions, later transactions remove the sessions in batches, and the last batch removes the
    /// user. Batches keep each transaction short, because a long transaction delays other writers. If the process stops
    /// before the last batch, the account still exists, but all its sessions have ended.
    /// - Parameters:
    ///   - type: the type of the audit record.
    ///   - actor: the actor of the audit record; `nil` means the user who is removed.
    ///   - find: returns the user to remove. It runs inside the first transaction. If it throws, nothing changes.
    /// - Returns: the user that was removed.
    func delete(
        recordedAs type: AuditType, by actor: AuditActor? = nil, from source: RequestSource = .unknown,
        at now: Timestamp, _ find: @escaping @Sendable (any StoreReader) throws -> UserRecord
    ) async throws -> User {
        @Sendable func removeBatch(of user: UserRecord, in writer: any StoreWriter) throws -> Bool {
            guard try writer.removeFamilies(of: user.id, limit: Self.batchSize) < Self.batchSize else { return false }
            try writer.deleteUser(id: user.id)
            try audit.record(type, of: user, by: actor, from: source, in: writer)
            return true
        }
        var (user, isDeleted) = try await store.write { writer in
            var user = try find(writer)
            if try removeBatch(of: user, in: writer) { return (user, true) }
            user.endSessions(at: now, because: .logout)
            try writer.update(user)
            try audit.record(
                .sessionRevoked, of: user, by: actor, from: source, reason: Self.reason, in: writer)
            return (user, false)
        }
        let id = user.id
        while !isDeleted {
            isDeleted = try await store.write { writer in
                // Another request may have deleted the user after the last batch. Then the deletion is complete.
                guard let user = try writer.user(id: id) else { return true }
                return try removeBatch(of: user, in: writer)
            }
        }
        return User(user)
    }

    /// The reason in the audit record that a deletion in batches writes when it ends the user's sessions.
    private static let reason = "account_closing"
}
