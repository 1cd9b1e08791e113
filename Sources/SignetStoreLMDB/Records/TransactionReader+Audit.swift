import SignetStore

extension TransactionReader {
    func auditState() throws -> AuditState {
        guard let bytes = try transaction.value(of: AuditKeys.state, in: .meta) else { return .empty }
        return try AuditState(encoded: bytes)
    }

    func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        let (start, overflow) = sequence.addingReportingOverflow(1)
        guard !overflow else { return [] }
        return try transaction.rows(of: .audit, from: KeySequence.bytes(start), limit: limit).map(Self.entry)
    }

    func auditEntries(before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        try transaction.rows(of: .audit, below: KeySequence.bytes(sequence), limit: limit).map(Self.entry)
    }

    func auditEntries(of subject: UserID, before sequence: UInt64, limit: Int) throws -> [AuditEntry] {
        let prefix = subject.bytes
        let rows = try transaction.rows(
            of: .auditBySubject, below: prefix + KeySequence.bytes(sequence), limit: limit,
            while: { $0.starts(with: prefix) })
        return try rows.map { try indexedEntry($0.key, of: .auditBySubject, prefix: prefix.count) }
    }

    func auditEntries(
        in span: ClosedRange<Timestamp>, before sequence: UInt64, limit: Int
    ) throws -> [AuditEntry] {
        let rows = try transaction.rows(
            of: .auditByTime, below: KeyTime.bytes(span.upperBound) + KeySequence.bytes(sequence), limit: limit,
            while: { key in
                // Treat a damaged key as inside the span, so that decoding it throws an error.
                KeyTime.time(of: key).map { $0 >= span.lowerBound } ?? true
            })
        return try rows.map { try indexedEntry($0.key, of: .auditByTime, prefix: KeyTime.byteCount) }
    }

    func oldestAuditTime(at now: Timestamp) throws -> Timestamp? {
        try auditTime(from: 0, at: now)?.time
    }

    /// Finds the first audit record, from number `sequence` on, whose time is not after `now`. Reads at most
    /// ``longestFutureRun`` records.
    /// - Returns: the number and time of that record. If the times of all records that were read are after `now`, the
    ///   number and time of the last of them. `nil` if there is no record.
    func auditTime(from sequence: UInt64, at now: Timestamp) throws -> (sequence: UInt64, time: Timestamp)? {
        let chunk = 64
        var last: (sequence: UInt64, time: Timestamp)?
        var position = sequence.subtractingReportingOverflow(1).overflow ? 0 : sequence - 1
        for _ in 0..<Self.longestFutureRun / chunk {
            // Usually the time of the first record is not in the future. So read one record first, and only then 64 at
            // a time.
            let entries = try auditEntries(after: position, limit: last == nil ? 1 : chunk)
            for entry in entries {
                let time = try entry.record().time
                last = (entry.sequence, time)
                if time <= now { return last }
            }
            guard let end = entries.last else { break }
            position = end.sequence
        }
        return last
    }

    func strayAuditRow(
        in table: AuditTable, after cursor: [UInt8], limit: Int
    ) throws -> (isFound: Bool, next: [UInt8]?) {
        let state = try auditState()
        // `cursor` followed by a zero byte is the smallest key that sorts after `cursor`.
        let start = cursor.isEmpty ? [] : cursor + [0]
        let rows = try transaction.rows(of: table.table, from: start, limit: limit)
        for row in rows {
            guard let sequence = KeySequence.sequence(of: row.key, after: row.key.count - KeySequence.byteCount),
                state.anchor.sequence < sequence, sequence <= state.head.sequence,
                let bytes = try transaction.value(of: KeySequence.bytes(sequence), in: .audit),
                table.key(of: try AuditEntry(sequence: sequence, bytes: bytes).record()) == row.key
            else { return (true, nil) }
        }
        return (false, rows.count < limit ? nil : rows.last?.key)
    }

    func auditByteCount(of entry: AuditEntry) throws -> UInt64 {
        AuditKeys.byteCount(try entry.record(), encoded: entry.bytes)
    }

    func isIndexed(_ record: AuditRecord) throws -> Bool {
        try transaction.value(of: AuditKeys.time(record), in: .auditByTime) != nil
            && (AuditKeys.subject(record).map { try transaction.value(of: $0, in: .auditBySubject) != nil } ?? true)
    }

    private func indexedEntry(_ key: [UInt8], of table: Table, prefix: Int) throws(StoreError) -> AuditEntry {
        guard let sequence = KeySequence.sequence(of: key, after: prefix) else {
            throw damage("the table \(table.rawValue) has a key of \(key.count) bytes")
        }
        guard let bytes = try transaction.value(of: KeySequence.bytes(sequence), in: .audit) else {
            throw StoreError(
                .corrupt, "the table \(table.rawValue) has an entry of audit record \(sequence), which does not exist")
        }
        return AuditEntry(sequence: sequence, bytes: bytes)
    }

    private static func entry(_ row: (key: [UInt8], value: [UInt8])) throws(StoreError) -> AuditEntry {
        guard let sequence = KeySequence.sequence(of: row.key) else {
            throw damage("the table \(Table.audit.rawValue) has a key of \(row.key.count) bytes")
        }
        return AuditEntry(sequence: sequence, bytes: row.value)
    }
}
