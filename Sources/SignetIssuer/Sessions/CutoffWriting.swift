import SignetStore

/// Marks the sessions that a user's cutoff ended as revoked in their own records.
///
/// The cutoff alone ends the sessions, so safety does not depend on the marks. If marking stops half-way, the sweeper
/// sets the status list entries of the remaining sessions.
struct CutoffWriting: Sendable {
    /// Maximum number of sessions that one transaction changes.
    static let batchSize = 100

    let store: any Store

    /// Marks the sessions of a user that the cutoff ended, in batches.
    /// - Returns: the number of sessions that were marked.
    @discardableResult
    func run(for user: UserID, at now: Timestamp) async throws -> Int {
        var total = 0
        var cursor: FamilyID?
        repeat {
            let start = cursor
            // The search uses a snapshot. A batch without a session to mark therefore needs no write transaction.
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

    /// Finds the next sessions of a user that the cutoff ended and whose records are not yet marked as revoked.
    /// - Returns: the records with the mark, and the cursor of the next batch.
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
