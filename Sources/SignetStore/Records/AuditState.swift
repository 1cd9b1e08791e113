/// The first and last link of the chain of audit records, and the size of the log.
package struct AuditState: Sendable, Hashable {
    /// The state of a log before its first record.
    package static let empty = AuditState(anchor: .start, head: .start, byteCount: 0)

    /// The link of the last trimmed record. The chain of the stored records begins after it.
    package let anchor: AuditLink
    /// The link of the newest record.
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

/// One link of the chain of audit records: a sequence number, and a hash that covers every record up to it.
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
