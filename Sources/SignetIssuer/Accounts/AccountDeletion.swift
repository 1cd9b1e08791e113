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
    ///   - lookup: what `find` needs. It must load the user to remove.
    ///   - find: returns the user to remove. It is part of the first decision. If it throws, nothing changes.
    /// - Returns: the user that was removed.
    func delete(
        recordedAs type: AuditType, by actor: AuditActor? = nil, from source: RequestSource = .unknown,
        at now: Timestamp, loading lookup: StoreLookup,
        _ find: @escaping @Sendable (LoadedRecords) throws -> UserRecord
    ) async throws -> User {
        // Removes the user if all sessions fit into this transaction; otherwise removes a batch of sessions.
        @Sendable func removal(of user: UserRecord, with families: [FamilyRecord]) -> StoreDecision<Bool> {
            guard families.count < Self.batchSize else {
                return StoreDecision(false, [.removeFamilies(of: user.id, limit: Self.batchSize)])
            }
            return StoreDecision(
                true, [.deleteUser(user.id), audit.change(for: type, of: user, by: actor, from: source)])
        }
        let firstFamilies = FamilyPage(limit: Self.batchSize)
        var firstLookup = lookup
        firstLookup.families = firstFamilies
        var (user, isDeleted) = try await store.write(loading: firstLookup) { loaded in
            var user = try find(loaded)
            let decision = removal(of: user, with: loaded.families)
            if decision.result { return StoreDecision((user, true), decision.changes) }
            user.endSessions(at: now, because: .logout)
            let event = audit.change(for: .sessionRevoked, of: user, by: actor, from: source, reason: Self.reason)
            return StoreDecision((user, false), decision.changes + [.updateUser(user), event])
        }
        let nextLookup = StoreLookup(user: .id(user.id), families: firstFamilies)
        while !isDeleted {
            isDeleted = try await store.write(loading: nextLookup) { loaded in
                // Another request may have deleted the user after the last batch. Then the deletion is complete.
                guard let user = loaded.user else { return StoreDecision(true) }
                return removal(of: user, with: loaded.families)
            }
        }
        return User(user)
    }

    /// The reason in the audit record that a deletion in batches writes when it ends the user's sessions.
    private static let reason = "account_closing"
}
