/// Where the chain of audit records begins and ends.
package struct AuditState: Sendable, Hashable {
    /// A log that never had a record.
    package static let empty = AuditState(anchor: .start, head: .start, byteCount: 0)

    /// The last record that was removed from the old end; the oldest one that is left continues from it.
    package let anchor: AuditLink
    /// The newest record.
    package let head: AuditLink
    /// About how many bytes the records take, their keys and index rows included.
    package let byteCount: UInt64

    package init(anchor: AuditLink, head: AuditLink, byteCount: UInt64) {
        self.anchor = anchor
        self.head = head
        self.byteCount = byteCount
    }

    /// How many records there are.
    package var count: UInt64 { head.sequence - anchor.sequence }
}
