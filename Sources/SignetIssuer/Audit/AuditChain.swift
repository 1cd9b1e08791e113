import RSAVerification
package import SignetStore

/// What makes the audit records a chain: each one names the hash of the one before.
package enum AuditChain {
    private static let domain = Array("signet audit record v1".utf8)

    /// SHA-256 over the record's sequence number and its stored form, which begins with the hash of the one before: it
    /// commits to every record up to this one.
    package static func hash(of entry: AuditEntry) -> [UInt8] {
        SHA256.digest(domain + entry.sequence.bigEndianBytes + entry.bytes)
    }

    /// Adds a record to the head of the chain.
    /// - Parameter time: when it happened.
    /// - Throws: a `StoreError`.
    static func append(
        _ event: AuditEvent, at time: Timestamp, count: UInt32 = 1, in writer: any StoreWriter
    ) throws {
        let head = try writer.auditState().head
        let record = AuditRecord(
            sequence: head.sequence + 1, time: time, type: event.type, actor: event.actor, subject: event.subject,
            familyID: event.familyID, object: event.object, address: event.source.address,
            userAgent: event.source.device, outcome: event.outcome, reason: event.reason, count: count,
            previousHash: head.hash)
        let entry = AuditEntry(sequence: record.sequence, bytes: try record.encoded())
        try writer.append(record, hash: hash(of: entry))
    }
}
