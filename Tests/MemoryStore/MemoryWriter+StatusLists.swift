import SignetStore

extension MemoryWriter {
    /// The maximum number of entries that one transaction sets when all sessions of a user end at once.
    static var familiesPerCutoff: Int { 1000 }

    func freeStatusListIndex() throws -> StatusListIndex {
        let fullList = StatusListIndex.entriesPerList / 8 * 7
        let list = tables.takenCounts.firstIndex { $0 < fullList } ?? tables.takenCounts.count
        guard list < StatusListIndex.maximumLists else { throw StoreError(.full, "all status lists are full") }
        while true {
            let offset = Int.random(in: 0..<StatusListIndex.entriesPerList)
            let index = StatusListIndex(list: list, offset: offset)
            if !tables.takenIndices.contains(index) { return index }
        }
    }

    func takeStatusListIndex(_ index: StatusListIndex) throws {
        guard tables.takenIndices.insert(index).inserted else {
            throw StoreError(.conflict, "the status list index is taken")
        }
        while tables.takenCounts.count <= index.list { tables.takenCounts.append(0) }
        tables.takenCounts[index.list] += 1
    }

    /// Sets the entry of an ended family, and schedules the release of its index.
    func revokeEntry(of family: FamilyRecord) {
        guard let entry = family.statusListEntry else { return }
        tables.revokedEntries[entry.index] = entry.revokedUntil
        tables.releases[entry.index] = entry.reusableAt
    }

    /// Sets the entries of the families that the user's session cutoff has ended, in ascending order of id.
    /// - Parameter limit: the maximum number of families to read. If more may follow, a sweep continues.
    /// - Returns: the number of families that were read.
    func setEntries(ofFamiliesEndedBy user: UserRecord, after cursor: FamilyID?, limit: Int) throws -> Int {
        let families = try families(of: user.id, after: cursor, limit: limit)
        for family in families where family.revokedAt == nil && family.applyingCutoff(of: user).revokedAt != nil {
            guard let entry = family.statusListEntry else { continue }
            tables.revokedEntries[entry.index] = entry.revokedUntil
        }
        if families.count == limit { tables.unfinishedCutoffs[user.id] = families.last?.id }
        return families.count
    }

    @discardableResult
    func sweep(at now: Timestamp, limit: Int) throws -> Int {
        var count = 0
        while count < limit, let id = tables.unfinishedCutoffs.keys.first {
            let cursor = tables.unfinishedCutoffs[id]
            tables.unfinishedCutoffs[id] = nil
            if let user = tables.users[id] {
                count += try setEntries(ofFamiliesEndedBy: user, after: cursor, limit: limit - count)
            } else {
                count += 1
            }
        }
        for family in tables.families.values.filter({ $0.removableAt <= now }).prefix(limit - count) {
            if let entry = family.statusListEntry, family.revokedAt == nil {
                if entry.reusableAt <= now {
                    free(entry.index)
                } else {
                    tables.releases[entry.index] = entry.reusableAt
                }
            }
            remove(family)
            count += 1
        }
        for (tokenID, expiry) in tables.revocations where expiry <= now && count < limit {
            tables.revocations[tokenID] = nil
            count += 1
        }
        for (index, time) in tables.releases where time <= now && count < limit {
            tables.releases[index] = nil
            free(index)
            count += 1
        }
        return count
    }

    private func free(_ index: StatusListIndex) {
        tables.revokedEntries[index] = nil
        guard tables.takenIndices.remove(index) != nil, index.list < tables.takenCounts.count else { return }
        tables.takenCounts[index.list] -= 1
    }
}
