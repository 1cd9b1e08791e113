import SignetStore

/// Reads and writes records in one write transaction. Each write of a record also updates the indexes of its table.
struct LMDBWriter: TransactionReader {
    let transaction: LMDBTransaction
}

extension LMDBWriter: StoreWriter {
    func insert(_ user: UserRecord) throws {
        let value = try user.encoded()
        // Check the id and the e-mail address before the first write, because `body` of a write may catch the conflict,
        // and the transaction is then committed.
        guard try transaction.value(of: user.id.bytes, in: .users) == nil else {
            throw StoreError(.conflict, "a user with this id exists")
        }
        guard try transaction.insert(user.id.bytes, for: Array(user.email.utf8), in: .usersByEmail) else {
            throw StoreError(.conflict, "a user with this e-mail address exists")
        }
        try transaction.put(value, for: user.id.bytes, in: .users)
    }

    func update(_ user: UserRecord) throws {
        let value = try user.encoded()
        guard let old = try self.user(id: user.id) else { throw StoreError(.notFound, "there is no user with this id") }
        // Compare the bytes, because the index has bytes as keys. `==` would treat different Unicode forms of the same
        // letter as equal.
        if !old.email.utf8.elementsEqual(user.email.utf8) {
            guard try transaction.insert(user.id.bytes, for: Array(user.email.utf8), in: .usersByEmail) else {
                throw StoreError(.conflict, "another user has this e-mail address")
            }
            try transaction.remove(Array(old.email.utf8), from: .usersByEmail)
        }
        try transaction.put(value, for: user.id.bytes, in: .users)
        if user.sessionCutoff != old.sessionCutoff { try setStatusListEntries(ofFamiliesEndedBy: user) }
    }

    func deleteUser(id: UserID) throws -> Bool {
        guard let user = try user(id: id) else { return false }
        try transaction.remove(Array(user.email.utf8), from: .usersByEmail)
        try transaction.remove(id.bytes, from: .users)
        try removeFamilies(of: id, limit: .max)
        return true
    }

    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int {
        let prefix = user.bytes
        let families = try transaction.rows(
            of: .familiesByUser, from: prefix, limit: limit, while: { $0.starts(with: prefix) })
        for row in families {
            // Keep the session's row in the index `familiesByExpiry`, because this code does not know the time in the
            // row's key. `sweep` removes the row when that time has come.
            let family: FamilyID = try Self.id(row.key.dropFirst(prefix.count), in: .familiesByUser)
            if let family = try self.family(id: family), family.revokedAt == nil {
                try revokeStatusListEntry(of: family)
            }
            try transaction.remove(family.bytes, from: .families)
            try transaction.remove(row.key, from: .familiesByUser)
        }
        return families.count
    }

    func insert(_ family: FamilyRecord) throws {
        let value = try family.encoded()
        guard try transaction.insert(value, for: family.id.bytes, in: .families) else {
            throw StoreError(.conflict, "a family with this id exists")
        }
        try transaction.put([], for: family.userID.bytes + family.id.bytes, in: .familiesByUser)
        try scheduleExpiryCheck(of: family.id, at: family.removableAt)
        if family.revokedAt != nil { try revokeStatusListEntry(of: family) }
    }

    func update(_ family: FamilyRecord) throws {
        let value = try family.encoded()
        guard let old = try self.family(id: family.id) else {
            throw StoreError(.notFound, "there is no family with this id")
        }
        guard old.userID == family.userID else {
            throw StoreError(.invalidRecord, "the user of a family cannot change")
        }
        try transaction.put(value, for: family.id.bytes, in: .families)
        // If the session expires earlier than before, it needs an earlier row in the index `familiesByExpiry`. If it
        // expires later, `sweep` replaces the old row.
        if family.removableAt < old.removableAt { try scheduleExpiryCheck(of: family.id, at: family.removableAt) }
        if old.revokedAt == nil, family.revokedAt != nil { try revokeStatusListEntry(of: family) }
    }

    func insert(_ client: ClientRecord) throws {
        let value = try client.encoded()
        guard try transaction.insert(value, for: client.id.bytes, in: .clients) else {
            throw StoreError(.conflict, "a client with this id exists")
        }
    }

    func deleteClient(id: ClientID) throws -> Bool {
        try transaction.remove(id.bytes, from: .clients)
    }

    func revoke(tokenID: String, until expiry: Timestamp) throws {
        let record = RevocationRecord(tokenID: tokenID, expiresAt: expiry)
        let value = try record.encoded()
        let key = Array(tokenID.utf8)
        if let old = try revocation(tokenID: tokenID) {
            guard old.expiresAt < expiry else { return }
            try transaction.remove(KeyTime.bytes(old.expiresAt) + key, from: .revocationsByExpiry)
        }
        try transaction.put(value, for: key, in: .revocations)
        try transaction.put([], for: KeyTime.bytes(expiry) + key, in: .revocationsByExpiry)
    }

    /// Adds a row to the index `familiesByExpiry`, so that ``sweep(at:limit:)`` checks at `time` or later whether the
    /// session (family) has expired.
    private func scheduleExpiryCheck(of family: FamilyID, at time: Timestamp) throws(StoreError) {
        try transaction.put([], for: KeyTime.bytes(time) + family.bytes, in: .familiesByExpiry)
    }
}

// MARK: - Sweep

extension LMDBWriter {
    func sweep(at now: Timestamp, limit: Int) throws -> Int {
        precondition(limit > 0, "the limit of a sweep must be at least 1")
        // If a write ends more than 1000 sessions of a user at once, it sets only the first 1000 status list entries.
        // Set the remaining entries before anything else, because verifiers accept the tokens of a session until its
        // entry is set.
        let cutoffs = try resumeCutoffs(limit: limit)
        // A row of `familiesByExpiry` may be due too early, because a refresh extends the session (family) but does not
        // move its row. So check the session itself: remove it if it has expired, otherwise give it a new row.
        let families = try dueRows(of: .familiesByExpiry, at: now, limit: limit - cutoffs)
        for key in families {
            try transaction.remove(key, from: .familiesByExpiry)
            let id: FamilyID = try Self.id(key.dropFirst(KeyTime.byteCount), in: .familiesByExpiry)
            guard let family = try family(id: id) else { continue }
            if family.removableAt <= now {
                try releaseStatusListIndex(of: family, at: now)
                try transaction.remove(id.bytes, from: .families)
                try transaction.remove(family.userID.bytes + id.bytes, from: .familiesByUser)
            } else {
                try scheduleExpiryCheck(of: id, at: family.removableAt)
            }
        }
        let revocations = try dueRows(of: .revocationsByExpiry, at: now, limit: limit - cutoffs - families.count)
        for key in revocations {
            try transaction.remove(key, from: .revocationsByExpiry)
            try transaction.remove(Array(key.dropFirst(KeyTime.byteCount)), from: .revocations)
        }
        let statuses = try dueRows(
            of: .statusByRelease, at: now, limit: limit - cutoffs - families.count - revocations.count)
        for key in statuses {
            try transaction.remove(key, from: .statusByRelease)
            try free(Self.statusListIndex(key.dropFirst(KeyTime.byteCount), in: .statusByRelease))
        }
        return cutoffs + families.count + revocations.count + statuses.count
    }

    private func dueRows(of table: Table, at now: Timestamp, limit: Int) throws -> [[UInt8]] {
        let rows = try transaction.rows(of: table, from: [], limit: limit) { key in
            // Treat a damaged key as due, so that the code below throws an error for it. Otherwise every scan would
            // stop at the damaged key, and no later row would ever be handled.
            KeyTime.time(of: key).map { $0 <= now } ?? true
        }
        return try rows.map { row in
            guard KeyTime.time(of: row.key) != nil else {
                throw damage("the table \(table.rawValue) has a key of \(row.key.count) bytes")
            }
            return row.key
        }
    }
}
