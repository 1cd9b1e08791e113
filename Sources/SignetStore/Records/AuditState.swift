/// The state of the audit log: the link before the oldest stored record, the link of the newest record, and the size of
/// the log.
package struct AuditState: Sendable, Hashable {
    /// The state of a log before its first record.
    package static let empty = AuditState(anchor: .start, head: .start, byteCount: 0)

    /// The sequence number and hash of the last removed record; ``AuditLink/start`` if no record was removed yet. The
    /// oldest records are removed because of their age or the size of the log.
    package let anchor: AuditLink
    /// The sequence number and hash of the newest record.
    package let head: AuditLink
    /// The approximate size of all records in bytes, including their keys and the rows of the indexes.
    package let byteCount: UInt64

    package init(anchor: AuditLink, head: AuditLink, byteCount: UInt64) {
        self.anchor = anchor
        self.head = head
        self.byteCount = byteCount
    }

    /// The number of stored records.
    package var count: UInt64 { head.sequence - anchor.sequence }
}

/// One link of the hash chain of audit records: the sequence number of a record, and a hash over this record and all
/// records before it.
package struct AuditLink: Sendable, Hashable {
    /// The length of a SHA-256 hash in bytes.
    package static let hashLength = 32
    /// The link before the first record: number 0 and a hash of zeros.
    package static let start = AuditLink(sequence: 0, hash: [UInt8](repeating: 0, count: hashLength))

    package let sequence: UInt64
    /// The SHA-256 hash over this record and all records before it, 32 bytes.
    package let hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }
}
