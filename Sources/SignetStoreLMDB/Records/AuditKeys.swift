import SignetStore

/// The keys of an audit record in the two indexes of the audit log, and the size that the record adds to the log.
enum AuditKeys {
    /// The key of the ``AuditState`` in the meta table.
    static let state = Array("audit".utf8)

    /// The record's key in the index by time.
    static func time(_ record: AuditRecord) -> [UInt8] {
        KeyTime.bytes(record.time) + KeySequence.bytes(record.sequence)
    }

    /// The record's key in the index by subject, the account that the record is about; `nil` if the record is about no
    /// account.
    static func subject(_ record: AuditRecord) -> [UInt8]? {
        record.subject.map { $0.bytes + KeySequence.bytes(record.sequence) }
    }

    /// The bytes that LMDB adds to each row in a page: the row's header and its entry in the page's list of offsets.
    private static let rowOverhead = 10

    /// The bytes that the record and its index rows take in the pages of the store.
    /// - Parameter encoded: the stored form of `record`.
    static func byteCount(_ record: AuditRecord, encoded: [UInt8]) -> UInt64 {
        let subject = record.subject == nil ? 0 : 16 + KeySequence.byteCount + rowOverhead
        let time = KeyTime.byteCount + KeySequence.byteCount + rowOverhead
        return UInt64(encoded.count + KeySequence.byteCount + rowOverhead + time + subject)
    }
}

extension AuditTable {
    /// The LMDB table that stores this part of the audit log.
    var table: Table {
        switch self {
        case .records: .audit
        case .byTime: .auditByTime
        case .bySubject: .auditBySubject
        }
    }

    /// The key of `record` in this table; `nil` if this table is the index by subject and the record is about no
    /// account.
    func key(of record: AuditRecord) -> [UInt8]? {
        switch self {
        case .records: KeySequence.bytes(record.sequence)
        case .byTime: AuditKeys.time(record)
        case .bySubject: AuditKeys.subject(record)
        }
    }
}
