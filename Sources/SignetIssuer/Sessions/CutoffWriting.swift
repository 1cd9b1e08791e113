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
            let start = cursor
            // Count the sessions to mark in a read transaction first. If there are none, skip the write transaction.
            var (ended, last) = try store.read { reader in
                let (unmarked, last) = try Self.batch(of: user, after: start, at: now, in: reader)
                return (unmarked.count, last)
            }
            if ended > 0 {
                (ended, last) = try await store.write { writer in
                    let (unmarked, last) = try Self.batch(of: user, after: start, at: now, in: writer)
                    for family in unmarked { try writer.update(family) }
                    return (unmarked.count, last)
                }
            }
            total += ended
            cursor = last
        } while cursor != nil
        return total
    }

    /// Reads the next ``batchSize`` sessions of the user.
    /// - Returns: `unmarked`: the sessions that ``UserRecord/sessionCutoff`` has ended and that are not marked as
    ///   revoked in the store. The returned records have the mark, for the caller to write. `last`: the cursor of the
    ///   next batch; `nil` after the last batch.
    private static func batch(
        of user: UserID, after cursor: FamilyID?, at now: Timestamp, in reader: any StoreReader
    ) throws -> (unmarked: [FamilyRecord], last: FamilyID?) {
        guard let user = try reader.user(id: user) else { return ([], nil) }
        let families = try reader.families(of: user.id, after: cursor, limit: batchSize)
        let unmarked = families.filter { $0.isAlive(at: now) }.map { $0.applyingCutoff(of: user) }.filter {
            $0.revokedAt != nil
        }
        return (unmarked, families.count < batchSize ? nil : families.last?.id)
    }
}
