import SignetStore

/// Updates the status lists when families begin and end.
///
/// `statusTaken` holds every index from its allocation until it is freed. `statusByRelease` holds the index of every
/// ended family with the time at which to free it. `statusSet` holds the entries that say "revoked", both of families
/// whose records are revoked and of families that only a session cutoff has ended.
extension LMDBWriter {
    /// The number of taken indices at which a list counts as full. With an eighth of the list free, a random search
    /// finds a free index after eight tries on average.
    private static let fullList = StatusListIndex.entriesPerList / 8 * 7

    func allocateStatusListIndex() throws -> StatusListIndex {
        var generator = SystemRandomNumberGenerator()
        return try allocateStatusListIndex(using: &generator)
    }

    func allocateStatusListIndex(using generator: inout some RandomNumberGenerator) throws -> StatusListIndex {
        let (list, taken) = try firstListWithRoom()
        // With an eighth of the list free, so many failures mean that the count of taken indices is wrong.
        for _ in 0..<4096 {
            let offset = Int.random(in: 0..<StatusListIndex.entriesPerList, using: &generator)
            let index = StatusListIndex(list: list, offset: offset)
            guard try transaction.insert([], for: index.bytes, in: .statusTaken) else { continue }
            try transaction.put(UInt32(taken + 1).bigEndianBytes, for: UInt32(list).bigEndianBytes, in: .statusLists)
            return index
        }
        throw damage("status list \(list) has fewer free indices than its count says")
    }

    /// Finds the first list with room; a new list if all others are full.
    /// - Returns: the number of the list, and the number of its indices that are taken.
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

    /// Sets the entry of a family that was revoked or deleted, and schedules the release of its index.
    func revokeStatusListEntry(of family: FamilyRecord) throws(StoreError) {
        guard let entry = family.statusListEntry else { return }
        try set(entry)
        try release(entry)
    }

    /// Frees the index of a family that has expired: now, or at ``StatusListEntry/reusableAt``.
    func releaseStatusListIndex(of family: FamilyRecord, at now: Timestamp) throws(StoreError) {
        guard let entry = family.statusListEntry, family.revokedAt == nil else { return }
        if entry.reusableAt <= now { try free(entry.index) } else { try release(entry) }
    }

    /// The most families whose entries a new session cutoff sets in its own transaction. The other entries are set when
    /// the families' records are updated, or by the next sweep.
    private static let familiesPerCutoff = 1000

    /// Sets the entries of families that a new session cutoff ended and whose records are not revoked yet.
    func setStatusListEntries(ofFamiliesEndedBy user: UserRecord) throws {
        // The new cutoff ends every family that an earlier cutoff ended, so the mark of the earlier one is not needed.
        try transaction.remove(user.id.bytes, from: .statusCutoffs)
        _ = try setStatusListEntries(ofFamiliesEndedBy: user, after: nil, limit: Self.familiesPerCutoff)
    }

    /// Sets the entries that earlier session cutoffs have left, of up to `limit` families.
    /// - Returns: the number of families that were handled, plus one for each mark whose user was deleted. Less than
    ///   `limit` if no entry is left.
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

    /// Sets the entries of up to `limit` families, and leaves a mark in `statusCutoffs` if there may be more families.
    /// - Returns: the number of families that were handled.
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

    /// Frees an index, so that another family can get it.
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

    /// Schedules the release of the entry's index.
    private func release(_ entry: StatusListEntry) throws(StoreError) {
        try transaction.put([], for: KeyTime.bytes(entry.reusableAt) + entry.index.bytes, in: .statusByRelease)
    }
}
