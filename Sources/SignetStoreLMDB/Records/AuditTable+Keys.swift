import SignetStore

extension AuditTable {
    var table: Table {
        switch self {
        case .records: .audit
        case .byTime: .auditByTime
        case .bySubject: .auditBySubject
        }
    }

    /// The key under which a record stands here; `nil` when it does not.
    func key(of record: AuditRecord) -> [UInt8]? {
        switch self {
        case .records: KeySequence.bytes(record.sequence)
        case .byTime: AuditKeys.time(record)
        case .bySubject: AuditKeys.subject(record)
        }
    }
}
