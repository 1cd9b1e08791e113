import SignetStore

/// The content of a ``MemoryStore``: a value, so that a copy is a snapshot.
struct MemoryTables {
    var users = SortedTable<UserID, UserRecord>()
    /// The ids of the users by the bytes of their e-mail addresses. Texts with equal letters but different bytes are
    /// different addresses.
    var userIDs: [[UInt8]: UserID] = [:]
    var families = SortedTable<FamilyID, FamilyRecord>()
    var familyIDs: [UserID: SortedTable<FamilyID, Void>] = [:]
    var clients = SortedTable<ClientID, ClientRecord>()
    /// The expiry of each revoked token, by `jti`.
    var revocations: [String: Timestamp] = [:]

    /// The audit records without gaps. The first one follows the anchor.
    var auditEntries: [AuditEntry] = []
    var auditState = AuditState.empty

    var takenIndices: Set<StatusListIndex> = []
    /// The number of taken indices in each status list.
    var takenCounts: [Int] = []
    /// The entries that say "revoked", and until when.
    var revokedEntries = SortedTable<StatusListIndex, Timestamp>()
    /// When to free the indices of ended families.
    var releases: [StatusListIndex: Timestamp] = [:]
    /// The users whose session cutoff has not yet set all entries, with the last family that was read.
    var unfinishedCutoffs = SortedTable<UserID, FamilyID>()
}

/// A dictionary in ascending order of its keys.
struct SortedTable<Key: Comparable, Value> {
    private(set) var keys: [Key] = []
    private(set) var values: [Value] = []

    subscript(key: Key) -> Value? {
        get {
            let index = firstIndex(atLeast: key)
            return index < keys.count && keys[index] == key ? values[index] : nil
        }
        set {
            let index = firstIndex(atLeast: key)
            let isPresent = index < keys.count && keys[index] == key
            switch (newValue, isPresent) {
            case (let value?, true): values[index] = value
            case (let value?, false):
                keys.insert(key, at: index)
                values.insert(value, at: index)
            case (nil, true):
                keys.remove(at: index)
                values.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// The positions of up to `limit` rows whose keys follow `cursor`; from the first row if `cursor` is `nil`.
    func page(after cursor: Key?, limit: Int) -> Range<Int> {
        var start = 0
        if let cursor {
            start = firstIndex(atLeast: cursor)
            if start < keys.count, keys[start] == cursor { start += 1 }
        }
        return start..<(start + min(limit, keys.count - start))
    }

    private func firstIndex(atLeast key: Key) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
