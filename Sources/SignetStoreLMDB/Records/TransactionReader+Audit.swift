import SignetStore

/// Where ``AuditState`` stands in the meta table.
enum AuditStateKey {
    static let bytes = Array("audit".utf8)
}

extension TransactionReader {
    func auditState() throws -> AuditState {
        guard let bytes = try transaction.value(of: AuditStateKey.bytes, in: .meta) else { return .empty }
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
                // A key without a time is damage, which is to be reported.
                KeyTime.time(of: key).map { $0 >= span.lowerBound } ?? true
            })
        return try rows.map { try indexedEntry($0.key, of: .auditByTime, prefix: KeyTime.byteCount) }
    }

    func isIndexed(_ record: AuditRecord) throws -> Bool {
        try transaction.value(of: AuditKeys.time(record), in: .auditByTime) != nil
            && (AuditKeys.subject(record).map { try transaction.value(of: $0, in: .auditBySubject) != nil } ?? true)
    }

    private func indexedEntry(_ key: [UInt8], of table: Table, prefix: Int) throws(StoreError) -> AuditEntry {
        guard let sequence = KeySequence.sequence(of: key, after: prefix) else {
            throw StoreError(.corrupt, "\(table.rawValue) has a key of \(key.count) bytes")
        }
        guard let bytes = try transaction.value(of: KeySequence.bytes(sequence), in: .audit) else {
            throw StoreError(.corrupt, "\(table.rawValue) names audit record \(sequence), which does not exist")
        }
        return AuditEntry(sequence: sequence, bytes: bytes)
    }

    private static func entry(_ row: (key: [UInt8], value: [UInt8])) throws(StoreError) -> AuditEntry {
        guard let sequence = KeySequence.sequence(of: row.key) else {
            throw StoreError(.corrupt, "\(Table.audit.rawValue) has a key of \(row.key.count) bytes")
        }
        return AuditEntry(sequence: sequence, bytes: row.value)
    }
}
