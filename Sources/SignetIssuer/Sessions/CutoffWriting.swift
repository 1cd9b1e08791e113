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
            let (ended, last) = try await store.write { try Self.batch(of: user, after: start, at: now, in: $0) }
            total += ended
            cursor = last
        } while cursor != nil
        return total
    }

    private static func batch(
        of user: UserID, after cursor: FamilyID?, at now: Timestamp, in writer: any StoreWriter
    ) throws -> (ended: Int, last: FamilyID?) {
        guard let user = try writer.user(id: user) else { return (0, nil) }
        let families = try writer.families(of: user.id, after: cursor, limit: batchSize)
        var ended = 0
        for family in families where family.isAlive(at: now) {
            let seen = family.under(user)
            guard seen.revokedAt != nil else { continue }
            try writer.update(seen)
            ended += 1
        }
        return (ended, families.count < batchSize ? nil : families.last?.id)
    }
}
