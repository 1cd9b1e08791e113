package import SignetStore

extension AuditRecord {
    /// A login, the first record unless it follows `link`.
    package static func make(
        after link: AuditLink = .start, time: Timestamp = Timestamp(seconds: 1_000), type: AuditType = .login,
        subject: UserID? = nil, address: String = "192.0.2.1", count: UInt32 = 1
    ) -> AuditRecord {
        AuditRecord(
            sequence: link.sequence + 1, time: time, type: type, actor: subject.map { .user($0) } ?? .anonymous,
            subject: subject, address: address, userAgent: "Firefox on Linux", count: count, previousHash: link.hash)
    }

    /// A stand-in for the hash of this record, different for each sequence number.
    package var link: AuditLink {
        AuditLink(
            sequence: sequence,
            hash: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: AuditLink.hashLength))
    }

    /// The entry that a store returns for the record.
    package var entry: AuditEntry {
        get throws { AuditEntry(sequence: sequence, bytes: try encoded()) }
    }
}

extension StoreWriter {
    /// Appends a record with these fields to the head of the chain.
    @discardableResult
    package func appendAudit(
        time: Timestamp = Timestamp(seconds: 1_000), type: AuditType = .login, subject: UserID? = nil,
        address: String = "192.0.2.1"
    ) throws -> AuditRecord {
        let record = AuditRecord.make(
            after: try auditState().head, time: time, type: type, subject: subject, address: address)
        try append(record) { _ in record.link.hash }
        return record
    }
}
