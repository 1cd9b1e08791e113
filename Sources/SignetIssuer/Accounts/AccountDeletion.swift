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
    /// transaction ends all sessions, and later ones remove them in batches, because a long transaction delays other
    /// writers. The last batch removes the user. If the process stops before that, the account still exists, without a
    /// live session.
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
                // Another request may have deleted the user since the last batch of sessions was removed. The work is
                // then done.
                guard let user = try writer.user(id: id) else { return true }
                return try removeBatch(of: user, in: writer)
            }
        }
        return User(user)
    }

    /// The reason in the audit record of the ended sessions. A user with at least ``batchSize`` sessions gets this
    /// record, because the first transaction then only ends the sessions and a later one deletes the account.
    private static let reason = "account_closing"
}
