import SignetStore

/// Implements the queries of ``StoreReader`` on a snapshot, for ``MemoryReader`` and ``MemoryWriter``.
protocol TablesReader: StoreReader {
    var tables: MemoryTables { get }
}

/// Reads records in one snapshot.
struct MemoryReader: TablesReader {
    let tables: MemoryTables
}

extension TablesReader {
    func user(id: UserID) throws -> UserRecord? { tables.users[id] }

    func user(email: String) throws -> UserRecord? { tables.userIDs[Array(email.utf8)].flatMap { tables.users[$0] } }

    func users(after cursor: UserID?, limit: Int) throws -> [UserRecord] {
        Array(tables.users.values[tables.users.page(after: cursor, limit: limit)])
    }

    func family(id: FamilyID) throws -> FamilyRecord? { tables.families[id] }

    func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
        guard let ids = tables.familyIDs[user] else { return [] }
        return ids.keys[ids.page(after: cursor, limit: limit)].compactMap { tables.families[$0] }
    }

    func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
        Array(tables.families.values[tables.families.page(after: cursor, limit: limit)])
    }

    func client(id: ClientID) throws -> ClientRecord? { tables.clients[id] }

    func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord] {
        Array(tables.clients.values[tables.clients.page(after: cursor, limit: limit)])
    }

    func isRevoked(tokenID: String) throws -> Bool { tables.revocations[tokenID] != nil }

    func statusListCount() throws -> Int { tables.takenCounts.count }

    func revokedStatusListEntries(of list: Int, after offset: Int?, limit: Int) throws -> [RevokedStatusListEntry] {
        let entries = tables.revokedEntries
        let positions = entries.keys.indices.filter { position in
            entries.keys[position].list == list && entries.keys[position].offset > offset ?? -1
        }
        return positions.prefix(limit).map { position in
            RevokedStatusListEntry(offset: entries.keys[position].offset, until: entries.values[position])
        }
    }

    // MARK: Audit log

    func auditState() throws -> AuditState { tables.auditState }

    func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        Array(tables.auditEntries.lazy.filter { $0.sequence > sequence }.prefix(limit))
    }

    func auditEntries(before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        Array(tables.auditEntries.reversed().lazy.filter { $0.sequence < sequence }.prefix(limit))
    }

    func auditEntries(of subject: UserID, before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        let entries = try tables.auditEntries.reversed().filter {
            try $0.sequence < sequence && $0.record().subject == subject
        }
        return Array(entries.prefix(limit))
    }

    func auditEntries(
        in span: ClosedRange<Timestamp>, before sequence: UInt64, limit: Int
    ) throws -> [AuditEntry] {
        let entries = try tables.auditEntries.map { (entry: $0, time: try $0.record().time) }
            .filter { span.contains($0.time) && ($0.time < span.upperBound || $0.entry.sequence < sequence) }
            .sorted { ($0.time, $0.entry.sequence) > ($1.time, $1.entry.sequence) }
        return entries.prefix(limit).map(\.entry)
    }

    func oldestAuditTime(at now: Timestamp) throws -> Timestamp? { try auditTime(from: 0, at: now)?.time }

    /// Finds the first of the records from number `sequence` on whose time is not after `now`; see
    /// ``StoreReader/oldestAuditTime(at:)``.
    func auditTime(from sequence: UInt64, at now: Timestamp) throws -> (sequence: UInt64, time: Timestamp)? {
        var last: (sequence: UInt64, time: Timestamp)?
        for entry in tables.auditEntries.lazy.filter({ $0.sequence >= sequence }).prefix(Self.longestFutureRun) {
            let time = try entry.record().time
            last = (entry.sequence, time)
            if time <= now { break }
        }
        return last
    }
}
