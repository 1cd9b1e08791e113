import SignetStore

/// The keys of an audit record in its two indexes, and the size of the record together with its index rows.
enum AuditKeys {
    /// The key of the ``AuditState`` in the meta table.
    static let state = Array("audit".utf8)

    /// The record's key in the index by time.
    static func time(_ record: AuditRecord) -> [UInt8] {
        KeyTime.bytes(record.time) + KeySequence.bytes(record.sequence)
    }

    /// The record's key in the index by subject; `nil` if the record has no subject account.
    static func subject(_ record: AuditRecord) -> [UInt8]? {
        record.subject.map { $0.bytes + KeySequence.bytes(record.sequence) }
    }

    /// The bytes that LMDB adds to each row: a header, and a slot in the page's list of rows.
    private static let rowOverhead = 10

    /// Bytes that the record and its index rows take in their pages.
    /// - Parameter encoded: the stored form of `record`.
    static func byteCount(_ record: AuditRecord, encoded: [UInt8]) -> UInt64 {
        let subject = record.subject == nil ? 0 : 16 + KeySequence.byteCount + rowOverhead
        let time = KeyTime.byteCount + KeySequence.byteCount + rowOverhead
        return UInt64(encoded.count + KeySequence.byteCount + rowOverhead + time + subject)
    }
}

extension AuditTable {
    /// The LMDB table that stores this part of the audit log: the records, or one of their two indexes.
    var table: Table {
        switch self {
        case .records: .audit
        case .byTime: .auditByTime
        case .bySubject: .auditBySubject
        }
    }

    /// The key of `record` in this table (the records, or one of their two indexes); `nil` if this is the index by
    /// subject and the record has no subject account.
    func key(of record: AuditRecord) -> [UInt8]? {
        switch self {
        case .records: KeySequence.bytes(record.sequence)
        case .byTime: AuditKeys.time(record)
        case .bySubject: AuditKeys.subject(record)
        }
    }
}
