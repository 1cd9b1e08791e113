import SignetStore

/// Updates the status lists when families (all refresh tokens of one login) begin and end.
///
/// The table `statusTaken` has every index from its allocation until it is freed. The table `statusByRelease` has the
/// index of every ended family, with the time at which to free it. The table `statusSet` has the entries that say
/// "revoked".
///
/// If all sessions of a user are ended at once, their entries are first added to `statusSet`. Later transactions mark
/// the records of the families as revoked.
extension LMDBWriter {
    /// The number of taken indices at which a status list counts as full. An eighth of the indices is then still free,
    /// so a random search finds a free index after eight tries on average.
    private static let fullList = StatusListIndex.entriesPerList / 8 * 7

    func freeStatusListIndex() throws -> StatusListIndex {
        var generator = SystemRandomNumberGenerator()
        return try freeStatusListIndex(using: &generator)
    }

    func freeStatusListIndex(using generator: inout some RandomNumberGenerator) throws -> StatusListIndex {
        let list = try firstListWithRoom()
        // At least an eighth of the indices is free, so a free one is found after at most eight tries on average. If
        // 4096 tries find none, the stored count of taken indices must be wrong.
        for _ in 0..<4096 {
            let offset = Int.random(in: 0..<StatusListIndex.entriesPerList, using: &generator)
            let index = StatusListIndex(list: list, offset: offset)
            if try transaction.value(of: index.bytes, in: .statusTaken) == nil { return index }
        }
        throw damage("status list \(list) has fewer free indices than its count says")
    }

    func takeStatusListIndex(_ index: StatusListIndex) throws {
        guard try transaction.insert([], for: index.bytes, in: .statusTaken) else {
            throw StoreError(.conflict, "the status list index \(index.rawValue) is taken")
        }
        let list = UInt32(index.list).bigEndianBytes
        var taken = UInt32(0)
        if let value = try transaction.value(of: list, in: .statusLists) {
            guard let count = UInt32(bigEndianBytes: value.span), count < UInt32(StatusListIndex.entriesPerList) else {
                throw damage("the count of status list \(index.list) is not a count of its taken indices")
            }
            taken = count
        }
        try transaction.put((taken + 1).bigEndianBytes, for: list, in: .statusLists)
    }

    /// Finds the number of the first status list that is not full. If all lists are full, returns the number of a new
    /// list.
    private func firstListWithRoom() throws(StoreError) -> Int {
        let rows = try transaction.rows(of: .statusLists, from: [], limit: StatusListIndex.maximumLists)
        for (list, row) in rows.enumerated() {
            guard UInt32(bigEndianBytes: row.key.span) == UInt32(list),
                let taken = UInt32(bigEndianBytes: row.value.span)
            else {
                throw damage("the status lists are not numbered from 0 without gaps")
            }
            if taken < Self.fullList { return list }
        }
        guard rows.count < StatusListIndex.maximumLists else { throw StoreError(.full, "all status lists are full") }
        return rows.count
    }

    /// Sets the status list entry of `family`, a revoked or deleted session, to "revoked". A sweep frees the index of
    /// the entry once ``StatusListEntry/reusableAt`` has passed.
    func revokeStatusListEntry(of family: FamilyRecord) throws(StoreError) {
        guard let entry = family.statusListEntry else { return }
        try set(entry)
        try release(entry)
    }

    /// Frees the status list index of `family`, an expired session, once ``StatusListEntry/reusableAt`` has passed: now
    /// or in a later sweep. Does nothing for a revoked session, because ``revokeStatusListEntry(of:)`` has already
    /// scheduled the release of its index.
    func releaseStatusListIndex(of family: FamilyRecord, at now: Timestamp) throws(StoreError) {
        guard let entry = family.statusListEntry, family.revokedAt == nil else { return }
        if entry.reusableAt <= now { try free(entry.index) } else { try release(entry) }
    }

    /// The maximum number of status list entries that one transaction sets when all sessions of a user are ended at
    /// once. The next sweeps set the remaining entries. An entry is also set when its session's record is marked as
    /// revoked.
    private static let familiesPerCutoff = 1000

    /// Sets the status list entries of `user` to "revoked" after a request has ended all sessions of the user, or all
    /// but one. Reads at most `familiesPerCutoff` sessions. If the user has more sessions, sweeps read the rest.
    func setStatusListEntries(ofFamiliesEndedBy user: UserRecord) throws {
        // If an earlier request has left a row in `statusCutoffs`, sweeps would continue in the middle of the user's
        // sessions. Remove the row, because this request starts again with the first session.
        try transaction.remove(user.id.bytes, from: .statusCutoffs)
        _ = try setStatusListEntries(ofFamiliesEndedBy: user, after: nil, limit: Self.familiesPerCutoff)
    }

    /// Continues the work of ``setStatusListEntries(ofFamiliesEndedBy:)`` for users with more than `familiesPerCutoff`
    /// sessions. The table `statusCutoffs` has one row for each user whose sessions have not all been read.
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

    /// Reads up to `limit` sessions of `user`, and sets the status list entries of those that the user's session cutoff
    /// has ended to "revoked". If more sessions may follow, stores the id of the last one in `statusCutoffs`, so that a
    /// sweep continues after it.
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

    /// Schedules the release of the entry's index: a sweep frees it once ``StatusListEntry/reusableAt`` has passed.
    private func release(_ entry: StatusListEntry) throws(StoreError) {
        try transaction.put([], for: KeyTime.bytes(entry.reusableAt) + entry.index.bytes, in: .statusByRelease)
    }
}
