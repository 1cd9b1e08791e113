import SignetStore

/// Reads and changes a copy of the tables. The store keeps the copy if the whole transaction succeeds.
///
/// Each write makes the stored form of a record first, because that checks the bounds of its fields.
final class MemoryWriter: TablesReader {
    var tables: MemoryTables

    init(tables: MemoryTables) { self.tables = tables }
}

extension MemoryWriter: StoreWriter {
    func insert(_ user: UserRecord) throws {
        _ = try user.encoded()
        guard tables.users[user.id] == nil, tables.userIDs[Array(user.email.utf8)] == nil else {
            throw StoreError(.conflict, "a user with this id or e-mail address exists")
        }
        tables.users[user.id] = user
        tables.userIDs[Array(user.email.utf8)] = user.id
    }

    func update(_ user: UserRecord) throws {
        _ = try user.encoded()
        guard let old = tables.users[user.id] else { throw StoreError(.notFound, "there is no user with this id") }
        let email = Array(user.email.utf8)
        guard tables.userIDs[email].map({ $0 == user.id }) ?? true else {
            throw StoreError(.conflict, "another user has this e-mail address")
        }
        tables.userIDs[Array(old.email.utf8)] = nil
        tables.userIDs[email] = user.id
        tables.users[user.id] = user
        if user.sessionCutoff != old.sessionCutoff {
            tables.unfinishedCutoffs[user.id] = nil
            _ = try setEntries(ofFamiliesEndedBy: user, after: nil, limit: Self.familiesPerCutoff)
        }
    }

    @discardableResult
    func deleteUser(id: UserID) throws -> Bool {
        guard let user = tables.users[id] else { return false }
        tables.userIDs[Array(user.email.utf8)] = nil
        tables.users[id] = nil
        try removeFamilies(of: id, limit: .max)
        return true
    }

    func insert(_ family: FamilyRecord) throws {
        _ = try family.encoded()
        guard tables.families[family.id] == nil else { throw StoreError(.conflict, "a family with this id exists") }
        tables.families[family.id] = family
        tables.familyIDs[family.userID, default: SortedTable()][family.id] = ()
        if family.revokedAt != nil { revokeEntry(of: family) }
    }

    func update(_ family: FamilyRecord) throws {
        _ = try family.encoded()
        guard let old = tables.families[family.id] else {
            throw StoreError(.notFound, "there is no family with this id")
        }
        guard old.userID == family.userID else {
            throw StoreError(.invalidRecord, "the user of a family cannot change")
        }
        tables.families[family.id] = family
        if old.revokedAt == nil, family.revokedAt != nil { revokeEntry(of: family) }
    }

    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int {
        let families = try families(of: user, after: nil, limit: limit)
        for family in families {
            if family.revokedAt == nil { revokeEntry(of: family) }
            remove(family)
        }
        return families.count
    }

    func insert(_ client: ClientRecord) throws {
        _ = try client.encoded()
        guard tables.clients[client.id] == nil else { throw StoreError(.conflict, "a client with this id exists") }
        tables.clients[client.id] = client
    }

    @discardableResult
    func deleteClient(id: ClientID) throws -> Bool {
        let isPresent = tables.clients[id] != nil
        tables.clients[id] = nil
        return isPresent
    }

    func revoke(tokenID: String, until expiry: Timestamp) throws {
        _ = try RevocationRecord(tokenID: tokenID, expiresAt: expiry).encoded()
        tables.revocations[tokenID] = max(expiry, tables.revocations[tokenID] ?? expiry)
    }

    func remove(_ family: FamilyRecord) {
        tables.families[family.id] = nil
        tables.familyIDs[family.userID]?[family.id] = nil
    }

    // MARK: Audit log

    func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws {
        let entry = AuditEntry(sequence: record.sequence, bytes: try record.encoded())
        let state = tables.auditState
        guard record.sequence == state.head.sequence + 1, record.previousHash == state.head.hash else {
            throw StoreError(.conflict, "audit record \(record.sequence) does not continue the chain")
        }
        let next = AuditState(
            anchor: state.anchor, head: AuditLink(sequence: record.sequence, hash: hash(entry)),
            byteCount: state.byteCount + Self.byteCount(of: entry))
        _ = try next.encoded()
        tables.auditEntries.append(entry)
        tables.auditState = next
    }

    private static func byteCount(of entry: AuditEntry) -> UInt64 { UInt64(entry.bytes.count) + 40 }

    @discardableResult
    func trimAudit(
        before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int
    ) throws -> Int {
        var removed = 0
        while removed < limit, let oldest = tables.auditEntries.first {
            let isOld = try auditTime(from: oldest.sequence, at: now).map { $0.time < start } ?? false
            let state = tables.auditState
            guard isOld || state.byteCount > byteCount else { break }
            let hash = try tables.auditEntries.dropFirst().first?.record().previousHash ?? state.head.hash
            tables.auditEntries.removeFirst()
            tables.auditState = AuditState(
                anchor: AuditLink(sequence: oldest.sequence, hash: hash), head: state.head,
                byteCount: state.byteCount - Self.byteCount(of: oldest))
            removed += 1
        }
        return removed
    }
}
