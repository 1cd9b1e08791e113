/// The two ends of the hash chain of audit records, and the size of the audit log.
package struct AuditState: Sendable, Hashable {
    /// The state of a log before its first record.
    package static let empty = AuditState(anchor: .start, head: .start, byteCount: 0)

    /// The sequence number and hash of the last record that was trimmed (removed because of its age or the size of the
    /// log); ``AuditLink/start`` if none was. The stored records begin after it.
    package let anchor: AuditLink
    /// The sequence number and hash of the newest record.
    package let head: AuditLink
    /// About how many bytes the records take, including their keys and index rows.
    package let byteCount: UInt64

    package init(anchor: AuditLink, head: AuditLink, byteCount: UInt64) {
        self.anchor = anchor
        self.head = head
        self.byteCount = byteCount
    }

    /// The number of stored records.
    package var count: UInt64 { head.sequence - anchor.sequence }
}

/// One link of the hash chain of audit records: the sequence number of a record, and a hash over that record and all
/// records before it.
package struct AuditLink: Sendable, Hashable {
    /// The length of a SHA-256 hash in bytes.
    package static let hashLength = 32
    /// The link before the first record: number 0 and a hash of zeros.
    package static let start = AuditLink(sequence: 0, hash: [UInt8](repeating: 0, count: hashLength))

    package let sequence: UInt64
    /// SHA-256 hash of the chain up to this record, 32 bytes.
    package let hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// A table of the audit log: the records themselves, or one of their two indexes.
package enum AuditTable: Sendable, CaseIterable {
    case records
    case byTime
    case bySubject
}
