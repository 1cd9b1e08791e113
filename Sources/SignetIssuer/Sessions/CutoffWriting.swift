import SignetStore

/// Marks the records of sessions as revoked after a user's session cutoff has ended the sessions. The cutoff is a time
/// in the user's record: all sessions that were created until then count as ended. The cutoff may exempt one session,
/// for example the session in which the user changed the password.
///
/// Safety does not depend on these marks, because every check also reads the cutoff. If marking stops half-way,
/// ``StoreWriter/sweep(at:limit:)`` sets the status list entries of the remaining sessions.
struct CutoffWriting: Sendable {
    /// Maximum number of sessions that one transaction changes.
    static let batchSize = 100

    let store: any Store

    /// Marks the records of the sessions that ``UserRecord/sessionCutoff`` has ended, in batches of ``batchSize``.
    /// - Returns: the number of records that were marked as revoked.
    @discardableResult
    func run(for user: UserID, at now: Timestamp) async throws -> Int {
        var total = 0
        var cursor: FamilyID?
        repeat {
            let lookup = StoreLookup(user: .id(user), families: FamilyPage(after: cursor, limit: Self.batchSize))
            // Decide before the write transaction. If there is no session to mark, skip the write transaction.
            let known = try await store.load(lookup)
            var decision = Self.decide(with: known, at: now)
            if !decision.changes.isEmpty {
                decision.result = try await store.write(loading: lookup, known: known) { loaded in
                    Self.decide(with: loaded, at: now)
                }
            }
            total += decision.result.ended
            cursor = decision.result.last
        } while cursor != nil
        return total
    }

    /// Decides which of the next ``batchSize`` sessions of the user to mark: those that ``UserRecord/sessionCutoff`` has
    /// ended and that are not marked as revoked in the store.
    /// - Returns: `ended`: the number of sessions to mark. `last`: the cursor of the next batch; `nil` after the last
    ///   batch.
    private static func decide(
        with loaded: LoadedRecords, at now: Timestamp
    ) -> StoreDecision<(ended: Int, last: FamilyID?)> {
        guard let user = loaded.user else { return StoreDecision((0, nil)) }
        let marked = loaded.families.filter { $0.isAlive(at: now) }.map { $0.applyingCutoff(of: user) }.filter {
            $0.revokedAt != nil
        }
        let last = loaded.families.count < batchSize ? nil : loaded.families.last?.id
        return StoreDecision((marked.count, last), marked.map { .updateFamily($0) })
    }
}
