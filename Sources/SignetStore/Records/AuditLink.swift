/// One place in the chain of audit records: a sequence number and the hash that commits to every record up to it.
package struct AuditLink: Sendable, Hashable {
    /// The length of every hash: SHA-256.
    package static let hashLength = 32
    /// Before the first record.
    package static let start = AuditLink(sequence: 0, hash: [UInt8](repeating: 0, count: hashLength))

    /// 0 before the first record, then 1, 2, …
    package let sequence: UInt64
    /// 32 bytes.
    package let hash: [UInt8]

    package init(sequence: UInt64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }
}
