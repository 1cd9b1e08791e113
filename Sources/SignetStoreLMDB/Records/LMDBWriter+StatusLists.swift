import SignetStore

/// Updates the status lists when families (all refresh tokens of one login) begin and end.
///
/// The table `statusTaken` holds every index from its allocation until it is freed. `statusByRelease` holds the index
/// of every ended family, with the time at which to free it. `statusSet` holds the entries that say "revoked". If all
/// sessions of a user are ended at once, their entries are added to `statusSet` first. The families' own records are
/// marked as revoked in later transactions.
extension LMDBWriter {
    /// The number of taken indices at which a status list counts as full. An eighth of the list is then still free, so
    /// a random search finds a free index after at most eight tries on average.
    private static let fullList = StatusListIndex.entriesPerList / 8 * 7

    func allocateStatusListIndex() throws -> StatusListIndex {
        var generator = SystemRandomNumberGenerator()
        return try allocateStatusListIndex(using: &generator)
    }

    func allocateStatusListIndex(using generator: inout some RandomNumberGenerator) throws -> StatusListIndex {
        let (list, taken) = try firstListWithRoom()
        // At least an eighth of the indices are free, so a random one is free after eight tries on average. If 4096
        // tries fail, the stored count of taken indices is wrong.
        for _ in 0..<4096 {
            let offset = Int.random(in: 0..<StatusListIndex.entriesPerList, using: &generator)
            let index = StatusListIndex(list: list, offset: offset)
            guard try transaction.insert([], for: index.bytes, in: .statusTaken) else { continue }
            try transaction.put(UInt32(taken + 1).bigEndianBytes, for: UInt32(list).bigEndianBytes, in: .statusLists)
            return index
        }
        throw damage("status list \(list) has fewer free indices than its count says")
    }

    /// Finds the first status list with room. If all lists are full, returns the number of a new list.
    /// - Returns: the number of the list, and how many of its indices are taken.
    private func firstListWithRoom() throws(StoreError) -> (list: Int, taken: Int) {
        let rows = try transaction.rows(of: .statusLists, from: [], limit: StatusListIndex.maximumLists)
        for (list, row) in rows.enumerated() {
            guard UInt32(bigEndianBytes: row.key.span) == UInt32(list),
                let taken = UInt32(bigEndianBytes: row.value.span)
            else {
                throw damage("the status lists are not numbered from 0 without gaps")
            }
            if taken < Self.fullList { return (list, Int(taken)) }
        }
        guard rows.count < StatusListIndex.maximumLists else { throw StoreError(.full, "all status lists are full") }
        return (rows.count, 0)
    }

    /// Marks the status list entry of `family`, a revoked or deleted session, as revoked. A sweep frees the entry's
    /// index once ``StatusListEntry/reusableAt`` has passed.
    func revokeStatusListEntry(of family: FamilyRecord) throws(StoreError) {
        guard let entry = family.statusListEntry else { return }
        try set(entry)
        try release(entry)
    }

    /// Frees the status list index of `family`, an expired session: now if ``StatusListEntry/reusableAt`` has passed,
    /// otherwise at that time. Does nothing for a revoked session, because its revocation has already scheduled this.
    func releaseStatusListIndex(of family: FamilyRecord, at now: Timestamp) throws(StoreError) {
        guard let entry = family.statusListEntry, family.revokedAt == nil else { return }
        if entry.reusableAt <= now { try free(entry.index) } else { try release(entry) }
    }

    /// If all sessions of a user end at once, the same transaction marks at most this number of status list entries as
    /// revoked. The others are marked when the sessions' records are updated, or by the next sweep.
    private static let familiesPerCutoff = 1000

    /// Marks status list entries as revoked after one request has ended all sessions of `user`, or all but one. Reads
    /// at most `familiesPerCutoff` sessions. If the user has more, sweeps mark the rest.
    func setStatusListEntries(ofFamiliesEndedBy user: UserRecord) throws {
        // A row of `statusCutoffs` makes sweeps continue with the user's sessions where an earlier request stopped.
        // Remove the row, because this request starts with the first session.
        try transaction.remove(user.id.bytes, from: .statusCutoffs)
        _ = try setStatusListEntries(ofFamiliesEndedBy: user, after: nil, limit: Self.familiesPerCutoff)
    }

    /// Continues to mark status list entries as revoked, for users with more than `familiesPerCutoff` sessions whose
    /// sessions were ended at once. The table `statusCutoffs` has one row for each of these users.
    /// - Parameter limit: the maximum number of sessions to read.
    /// - Returns: the number of sessions that were read. The row of a deleted user counts as one session. If the result
    ///   is less than `limit`, no row is left.
    func resumeCutoffs(limit: Int) throws -> Int {
        var count = 0
        while count < limit, let row = try transaction.rows(of: .statusCutoffs, from: [], limit: 1).first {
            try transaction.remove(row.key, from: .statusCutoffs)
            guard let user = try user(id: Self.id(row.key[...], in: .statusCutoffs)) else {
                count += 1
                continue
            }
            let cursor: FamilyID = try Self.id(row.value[...], in: .statusCutoffs)
            count += try setStatusListEntries(ofFamiliesEndedBy: user, after: cursor, limit: limit - count)
        }
        return count
    }

    /// Reads up to `limit` sessions of `user`, and marks the status list entries of those that were ended at once as
    /// revoked. If there may be more sessions, stores the id of the last session in `statusCutoffs`, so that a sweep
    /// continues there.
    /// - Returns: the number of sessions that were read.
    private func setStatusListEntries(
        ofFamiliesEndedBy user: UserRecord, after cursor: FamilyID?, limit: Int
    ) throws -> Int {
        let families = try families(of: user.id, after: cursor, limit: limit)
        for family in families where family.revokedAt == nil && family.applyingCutoff(of: user).revokedAt != nil {
            if let entry = family.statusListEntry { try set(entry) }
        }
        if families.count == limit, let last = families.last {
            try transaction.put(last.id.bytes, for: user.id.bytes, in: .statusCutoffs)
        }
        return families.count
    }

    /// Frees a status list index, so that a new session can use it.
    func free(_ index: StatusListIndex) throws(StoreError) {
        try transaction.remove(index.bytes, from: .statusSet)
        guard try transaction.remove(index.bytes, from: .statusTaken) else { return }
        let list = UInt32(index.list).bigEndianBytes
        guard let value = try transaction.value(of: list, in: .statusLists),
            let taken = UInt32(bigEndianBytes: value.span), taken > 0
        else {
            throw damage("status list \(index.list) has a taken index, but its count says that none is")
        }
        try transaction.put((taken - 1).bigEndianBytes, for: list, in: .statusLists)
    }

    private func set(_ entry: StatusListEntry) throws(StoreError) {
        try transaction.put(KeyTime.bytes(entry.revokedUntil), for: entry.index.bytes, in: .statusSet)
    }

    /// Lets a sweep free the entry's index for another session once ``StatusListEntry/reusableAt`` has passed.
    private func release(_ entry: StatusListEntry) throws(StoreError) {
        try transaction.put([], for: KeyTime.bytes(entry.reusableAt) + entry.index.bytes, in: .statusByRelease)
    }
}
