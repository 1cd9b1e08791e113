extension StoreReader {
    /// The answer to a lookup, without ``LoadedRecords/statusListIndex``.
    package func records(of lookup: StoreLookup) throws -> LoadedRecords {
        var loaded = LoadedRecords()
        if let id = lookup.client { loaded.client = try client(id: id) }
        if let key = lookup.user { loaded.user = try user(key) }
        if let id = lookup.session, let family = try family(id: id) {
            loaded.session = SessionRecords(family: family, user: try user(id: family.userID))
        }
        if let key = lookup.token { loaded.token = try records(of: key) }
        if let user = loaded.user ?? loaded.token?.user {
            if let page = lookup.families {
                loaded.families = try families(of: user.id, after: page.cursor, limit: page.limit)
            }
            if let search = lookup.liveFamilies { loaded.liveFamilies = try liveFamilies(of: user, search) }
        }
        if let times = lookup.auditTimes { loaded.audit = try auditRecords(at: times) }
        return loaded
    }

    private func user(_ key: UserKey) throws -> UserRecord? {
        switch key {
        case .id(let id): try user(id: id)
        case .email(let email): try user(email: email)
        }
    }

    private func records(of key: TokenKey) throws -> TokenRecords {
        var records = TokenRecords(isRevoked: try isRevoked(tokenID: key.tokenID))
        if records.isRevoked { return records }
        switch key.holder {
        case .user(let id, let session):
            records.user = try user(id: id)
            if records.user != nil, let session { records.family = try family(id: session) }
        case .client(let id): records.client = try client(id: id)
        case nil: break
        }
        return records
    }

    private func liveFamilies(of user: UserRecord, _ search: LiveFamilySearch) throws -> LiveFamilies {
        let batchSize = 100
        var found: [FamilyRecord] = []
        var position = search.cursor
        var readCount = 0
        repeat {
            let batch = try families(of: user.id, after: position, limit: batchSize)
            for family in batch where family.applyingCutoff(of: user).isAlive(at: search.time) {
                guard found.count < search.limit else { return LiveFamilies(families: found, next: found.last?.id) }
                found.append(family)
            }
            readCount += batch.count
            position = batch.count < batchSize ? nil : batch.last?.id
        } while position != nil && readCount < search.readLimit
        return LiveFamilies(families: found, next: position)
    }

    private func auditRecords(at times: [Timestamp]) throws -> AuditRecordsAtTimes {
        var entries: [Timestamp: [AuditEntry]] = [:]
        for time in times where entries[time] == nil {
            entries[time] = try auditEntries(in: time...time, before: .max, limit: AuditRecordsAtTimes.limit)
        }
        return AuditRecordsAtTimes(oldest: try auditEntries(after: 0, limit: 1).first, entries: entries)
    }
}
