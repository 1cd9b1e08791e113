import SignetStore

/// The index rows of an audit record.
enum AuditKeys {
    static func time(_ record: AuditRecord) -> [UInt8] {
        KeyTime.bytes(record.time) + KeySequence.bytes(record.sequence)
    }

    /// `nil` for a record about no account.
    static func subject(_ record: AuditRecord) -> [UInt8]? {
        record.subject.map { $0.bytes + KeySequence.bytes(record.sequence) }
    }

    /// What a row takes in a page besides its key and value: its header and its place in the page's list.
    private static let rowOverhead = 10

    /// What the record and its index rows take on their pages.
    static func byteCount(_ record: AuditRecord, encoded: [UInt8]) -> UInt64 {
        let subject = record.subject == nil ? 0 : 16 + KeySequence.byteCount + rowOverhead
        let time = KeyTime.byteCount + KeySequence.byteCount + rowOverhead
        return UInt64(encoded.count + KeySequence.byteCount + rowOverhead + time + subject)
    }
}
