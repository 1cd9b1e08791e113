import SignetStore

/// Writes a user's cutoff into the records of the sessions that it ended, so that whoever looks at those alone sees it.
///
/// Nothing depends on it for its safety: the sessions are over since the cutoff was written. Should it stop half-way, the
/// sweeper sets the entries that status lists still lack.
struct CutoffWriting: Sendable {
    /// Most sessions that one transaction changes.
    static let batchSize = 100

    let store: any Store

    /// Goes through all sessions of a user.
    /// - Returns: how many living sessions were marked as ended.
    @discardableResult
    func run(for user: UserID, at now: Timestamp) async throws -> Int {
        var total = 0
        var cursor: FamilyID?
        repeat {
            let start = cursor
            // Where nothing is left to write down the writer is not entered, however many sessions there were.
            var (ended, last) = try store.read { reader in
                let (left, last) = try Self.batch(of: user, after: start, at: now, in: reader)
                return (left.count, last)
            }
            if ended > 0 {
                (ended, last) = try await store.write { writer in
                    let (left, last) = try Self.batch(of: user, after: start, at: now, in: writer)
                    for family in left { try writer.update(family) }
                    return (left.count, last)
                }
            }
            total += ended
            cursor = last
        } while cursor != nil
        return total
    }

    /// The sessions of a batch that the cutoff ended and whose records do not say so yet, as they are to be.
    private static func batch(
        of user: UserID, after cursor: FamilyID?, at now: Timestamp, in reader: any StoreReader
    ) throws -> (left: [FamilyRecord], last: FamilyID?) {
        guard let user = try reader.user(id: user) else { return ([], nil) }
        let families = try reader.families(of: user.id, after: cursor, limit: batchSize)
        let left = families.filter { $0.isAlive(at: now) }.map { $0.applyingCutoff(of: user) }.filter {
            $0.revokedAt != nil
        }
        return (left, families.count < batchSize ? nil : families.last?.id)
    }
}
