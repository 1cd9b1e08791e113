import SignetStore

/// Keeps the status lists true to families and users.
///
/// An index is in `statusTaken` from the login on until it is freed. Every family that has ended has one row in
/// `statusByRelease` for it; `statusSet` holds the entries that are set, by the family's own record
/// or by a cutoff that is not in it yet.
extension LMDBWriter {
    /// Taken indices of a list beyond which another list is begun: with an eighth free, eight tries find one.
    private static let fullList = StatusListIndex.entriesPerList / 8 * 7

    func allocateStatusListIndex() throws -> StatusListIndex {
        var generator = SystemRandomNumberGenerator()
        return try allocateStatusListIndex(using: &generator)
    }

    func allocateStatusListIndex(using generator: inout some RandomNumberGenerator) throws -> StatusListIndex {
        let (list, taken) = try roomiestList()
        // A list that says it has room and has none is damaged: that this many tries fail is out of the question.
        for _ in 0..<4096 {
            let offset = Int.random(in: 0..<StatusListIndex.entriesPerList, using: &generator)
            let index = StatusListIndex(list: list, offset: offset)
            guard try transaction.insert([], for: index.bytes, in: .statusTaken) else { continue }
            try transaction.put(UInt32(taken + 1).bigEndianBytes, for: UInt32(list).bigEndianBytes, in: .statusLists)
            return index
        }
        throw StoreError(.corrupt, "a status list has fewer free indices than it says")
    }

    /// The first list with room, and how many of its indices are taken.
    private func roomiestList() throws(StoreError) -> (list: Int, taken: Int) {
        let rows = try transaction.rows(of: .statusLists, from: [], limit: StatusListIndex.maximumLists)
        for (list, row) in rows.enumerated() {
            guard UInt32(bigEndianBytes: row.key.span) == UInt32(list),
                let taken = UInt32(bigEndianBytes: row.value.span)
            else {
                throw StoreError(.corrupt, "the status lists are not numbered from 0")
            }
            if taken < Self.fullList { return (list, Int(taken)) }
        }
        guard rows.count < StatusListIndex.maximumLists else { throw StoreError(.full, "all status lists are full") }
        return (rows.count, 0)
    }

    /// Sets the entry of a family that has just ended and whose tokens may still be about.
    func setStatusForGood(of family: FamilyRecord) throws(StoreError) {
        guard let place = family.statusListEntry else { return }
        try set(place)
        try release(place)
    }

    /// Frees the entry of a family that goes at its natural end, now or as soon as that may be.
    func freeStatus(of family: FamilyRecord, at now: Timestamp) throws(StoreError) {
        guard let place = family.statusListEntry, family.revokedAt == nil else { return }
        if place.reusableAt <= now { try free(place.index) } else { try release(place) }
    }

    /// Most families whose entries a new cutoff sets in its own transaction. Those of any more follow when their records
    /// are written, or with the next sweep.
    private static let familiesPerCutoff = 1000

    /// Sets the entries of the families that a user's cutoff ended and whose own records do not say so yet.
    func setStatuses(ofFamiliesEndedBy user: UserRecord) throws {
        // A former cutoff ended no family that this one does not, so its mark may go.
        try transaction.remove(user.id.bytes, from: .statusCutoffs)
        _ = try setStatuses(ofFamiliesEndedBy: user, after: nil, limit: Self.familiesPerCutoff)
    }

    /// Goes on with cutoffs that have not set all entries, for `limit` families at most.
    /// - Returns: how many were looked at, a cutoff without a user counted as one; less than `limit` when no cutoff is left
    ///   to go on with.
    func resumeCutoffs(limit: Int) throws -> Int {
        var count = 0
        while count < limit, let row = try transaction.rows(of: .statusCutoffs, from: [], limit: 1).first {
            try transaction.remove(row.key, from: .statusCutoffs)
            guard let user = try user(id: Self.id(row.key[...], in: .statusCutoffs)) else {
                count += 1
                continue
            }
            let cursor: FamilyID = try Self.id(row.value[...], in: .statusCutoffs)
            count += try setStatuses(ofFamiliesEndedBy: user, after: cursor, limit: limit - count)
        }
        return count
    }

    /// Leaves a mark when there may be more than `limit` of them.
    /// - Returns: how many were looked at.
    private func setStatuses(
        ofFamiliesEndedBy user: UserRecord, after cursor: FamilyID?, limit: Int
    ) throws -> Int {
        let families = try families(of: user.id, after: cursor, limit: limit)
        for family in families where family.revokedAt == nil && family.applyingCutoff(of: user).revokedAt != nil {
            if let place = family.statusListEntry { try set(place) }
        }
        if families.count == limit, let last = families.last {
            try transaction.put(last.id.bytes, for: user.id.bytes, in: .statusCutoffs)
        }
        return families.count
    }

    /// Makes an index free to be taken.
    func free(_ index: StatusListIndex) throws(StoreError) {
        try transaction.remove(index.bytes, from: .statusSet)
        guard try transaction.remove(index.bytes, from: .statusTaken) else { return }
        let list = UInt32(index.list).bigEndianBytes
        guard let value = try transaction.value(of: list, in: .statusLists),
            let taken = UInt32(bigEndianBytes: value.span), taken > 0
        else { throw StoreError(.corrupt, "an index was taken of a status list that is empty") }
        try transaction.put((taken - 1).bigEndianBytes, for: list, in: .statusLists)
    }

    private func set(_ place: StatusListEntry) throws(StoreError) {
        try transaction.put(KeyTime.bytes(place.revokedUntil), for: place.index.bytes, in: .statusSet)
    }

    private func release(_ place: StatusListEntry) throws(StoreError) {
        try transaction.put([], for: KeyTime.bytes(place.reusableAt) + place.index.bytes, in: .statusByRelease)
    }
}
