/// A store that keeps the audit log in several tables, so that an integrity check can compare them.
package protocol AuditInspectableStore: Store {
    /// Runs `body` on one consistent snapshot. The inspector is invalid after `body` has returned.
    /// - Throws: the error of `body`, or a ``StoreError``.
    func inspectAudit<Result>(_ body: (any AuditInspector) throws -> Result) throws -> Result
}

/// The integrity checks of an audit log on one consistent snapshot. Every method throws a ``StoreError`` if the stored
/// bytes cannot be read.
package protocol AuditInspector {
    /// The two ends of the hash chain of audit records, and the size of the audit log.
    func auditState() throws -> AuditState

    /// Lists audit records in ascending order of sequence number; see ``StoreReader/auditEntries(after:limit:)``.
    func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Checks up to `limit` rows of one audit table for a stray row (a row that belongs to no record of the hash
    /// chain).
    /// - Parameter cursor: the `next` that the previous call returned; empty to start at the first row of the table.
    /// - Returns: `isFound` is `true` if a stray row was found. `next` is the cursor for the next call; `nil` if a
    ///   stray row was found or the end of the table was reached.
    func strayAuditRow(
        in table: AuditTable, after cursor: [UInt8], limit: Int
    ) throws -> (isFound: Bool, next: [UInt8]?)

    /// The number of bytes by which this record increased ``AuditState/byteCount`` when it was appended.
    func auditByteCount(of entry: AuditEntry) throws -> UInt64

    /// Returns `true` if the audit log's indexes contain the record: the index by time and, if the record is about an
    /// account, the index by subject.
    func isIndexed(_ record: AuditRecord) throws -> Bool
}

/// A table in which the store keeps the audit log: the records themselves, or one of the two indexes.
package enum AuditTable: Sendable, CaseIterable {
    case records
    case byTime
    case bySubject
}
