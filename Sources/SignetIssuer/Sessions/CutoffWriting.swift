import SignetStore

/// Marks the records of sessions as revoked after a user's session cutoff has ended the sessions. The cutoff is a time
/// in the user's record: all sessions that were created until then count as ended. It may exempt one session, such as
/// the one in which the user changed the password.
///
/// Safety does not depend on these marks, because every check also reads the cutoff. If marking stops half-way,
/// ``StoreWriter/sweep(at:limit:)`` sets the status list entries of the remaining sessions.
struct CutoffWriting: Sendable {
    /// Maximum number of sessions that one transaction changes.
    static let batchSize = 100

    let store: any Store

    /// Marks all sessions as revoked that ``UserRecord/sessionCutoff`` has ended, in batches of ``batchSize``.
    /// - Returns: the number of sessions that were marked.
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

    /// Finds, among the user's next ``batchSize`` sessions, those that ``UserRecord/sessionCutoff`` has ended and whose
    /// stored records are not marked as revoked.
    /// - Returns: `unmarked`: copies of these records that are marked as revoked, for the caller to write; `last`: the
    ///   cursor of the next batch, `nil` after the last batch.
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
