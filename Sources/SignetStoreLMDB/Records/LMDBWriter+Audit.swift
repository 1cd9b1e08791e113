import SignetStore

extension LMDBWriter {
    func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws {
        let entry = AuditEntry(sequence: record.sequence, bytes: try record.encoded())
        let state = try auditState()
        guard record.sequence == state.head.sequence + 1, record.previousHash == state.head.hash else {
            throw StoreError(
                .conflict,
                "audit record \(record.sequence) does not continue the chain, which ends at \(state.head.sequence)")
        }
        let next = AuditState(
            anchor: state.anchor, head: AuditLink(sequence: record.sequence, hash: hash(entry)),
            byteCount: state.byteCount + AuditKeys.byteCount(record, encoded: entry.bytes))
        let newState = try next.encoded()
        guard try transaction.append(entry.bytes, for: KeySequence.bytes(record.sequence), in: .audit) else {
            throw StoreError(
                .corrupt, "there are audit records after number \(state.head.sequence), which should be the last")
        }
        let time = AuditKeys.time(record)
        // `append` returns false if the index already has a row with a later time. That happens if the clock was set
        // back, or if this record stands for several events and has the time of the first event.
        if try !transaction.append([], for: time, in: .auditByTime) {
            try transaction.put([], for: time, in: .auditByTime)
        }
        if let subject = AuditKeys.subject(record) { try transaction.put([], for: subject, in: .auditBySubject) }
        try transaction.put(newState, for: AuditKeys.state, in: .meta)
    }

    func trimAudit(
        before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int
    ) throws -> Int {
        precondition(limit > 0, "the limit of a trim must be at least 1")
        let state = try auditState()
        // Read one record more than the limit, because the hash of each removed record is stored in the next record
        // (`previousHash`).
        let oldest = try auditEntries(after: state.anchor.sequence, limit: limit + 1)
        var anchor = state.anchor
        var size = state.byteCount
        // If a clock was wrong, a record may have a time in the future. Its age is then taken to be the age of the next
        // record whose time is not in the future. `known` keeps that next record, so that it is searched only once for
        // a run of future records.
        var known: (sequence: UInt64, time: Timestamp)?
        for (index, entry) in oldest.prefix(limit).enumerated() {
            let record = try entry.record()
            if known.map({ $0.sequence < entry.sequence }) ?? true {
                known = try auditTime(from: entry.sequence, at: now)
            }
            guard known.map({ $0.time < start }) ?? false || size > byteCount else { break }
            guard index + 1 < oldest.count || entry.sequence == state.head.sequence else {
                throw StoreError(.corrupt, "audit records after \(entry.sequence) are missing")
            }
            let following = index + 1 < oldest.count ? try oldest[index + 1].record().previousHash : state.head.hash
            try transaction.remove(KeySequence.bytes(entry.sequence), from: .audit)
            try transaction.remove(AuditKeys.time(record), from: .auditByTime)
            if let subject = AuditKeys.subject(record) { try transaction.remove(subject, from: .auditBySubject) }
            anchor = AuditLink(sequence: entry.sequence, hash: following)
            size -= min(size, AuditKeys.byteCount(record, encoded: entry.bytes))
        }
        guard anchor.sequence > state.anchor.sequence else { return 0 }
        let trimmed = AuditState(anchor: anchor, head: state.head, byteCount: size)
        try transaction.put(try trimmed.encoded(), for: AuditKeys.state, in: .meta)
        return Int(anchor.sequence - state.anchor.sequence)
    }
}
