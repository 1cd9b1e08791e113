import SignetStore

/// Removes accounts, for people who leave and for operators alike.
struct AccountClosing: Sendable {
    /// Most sessions that one transaction removes.
    static let batchSize = 100

    let store: any Store
    let audit: AuditTrail

    /// Removes the sessions of a user and the account, in one transaction where the sessions are few.
    ///
    /// Where they are many, the first transaction ends all of them and records that; they are removed a batch at a time, so
    /// that nobody waits long for the writer, and the account together with the last of them. Stopped in between, it leaves
    /// an account whose sessions are over.
    /// - Parameters:
    ///   - type: what the audit record says happened.
    ///   - actor: who did it; `nil` for the user.
    ///   - find: the user to remove, asked in the first transaction: what it throws changes nothing. From then on the
    ///     removal goes to its end.
    /// - Returns: the user that was removed.
    func close(
        as type: AuditType, by actor: AuditActor? = nil, from source: RequestSource = .unknown, at now: Timestamp,
        _ find: @escaping @Sendable (any StoreReader) throws -> UserRecord
    ) async throws -> UserRecord {
        @Sendable func finish(_ user: UserRecord, in writer: any StoreWriter) throws -> Bool {
            guard try writer.removeFamilies(of: user.id, limit: Self.batchSize) < Self.batchSize else { return false }
            try writer.deleteUser(id: user.id)
            try audit.record(type, of: user, by: actor, from: source, in: writer)
            return true
        }
        let (user, isClosed) = try await store.write { writer in
            var user = try find(writer)
            if try finish(user, in: writer) { return (user, true) }
            user.endSessions(at: now, because: .logout)
            try writer.update(user)
            try audit.record(
                .sessionRevoked, of: user, by: actor, from: source, reason: Self.reason, in: writer)
            return (user, false)
        }
        var hasEnded = isClosed
        while !hasEnded {
            hasEnded = try await store.write { writer in
                // Somebody else may have removed the rest meanwhile.
                guard let user = try writer.user(id: user.id) else { return true }
                return try finish(user, in: writer)
            }
        }
        return user
    }

    /// Why the sessions of an account end before it is removed.
    private static let reason = "account_closing"
}
