/// What can be asked of one consistent snapshot. Valid only inside the closure that received it.
///
/// Every method throws a ``StoreError`` when the stored bytes cannot be read.
package protocol StoreReader {
    func user(id: UserID) throws -> UserRecord?

    /// The user with this e-mail address.
    /// - Parameter email: normalised, as in ``UserRecord/email``.
    func user(email: String) throws -> UserRecord?

    /// Users in ascending order of id, those after `cursor` only, `limit` at most.
    func users(after cursor: UserID?, limit: Int) throws -> [UserRecord]

    func family(id: FamilyID) throws -> FamilyRecord?

    /// Families of one user in ascending order of id, dead ones that are not swept yet included.
    func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    /// Families of all users in ascending order of id, dead ones that are not swept yet included.
    func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    func client(id: ClientID) throws -> ClientRecord?

    /// Clients in ascending order of id, those after `cursor` only, `limit` at most.
    func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord]

    /// Whether the access token with this `jti` was revoked on its own and is not swept yet.
    func isRevoked(tokenID: String) throws -> Bool

    /// Where the chain of audit records begins and ends.
    func auditState() throws -> AuditState

    /// Audit records in ascending order of sequence, those after `sequence` only, `limit` at most.
    ///
    /// This and the next three give what is stored, damaged or not; ``AuditEntry/record()`` reads it.
    func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Audit records in descending order of sequence, those before `sequence` only, `limit` at most.
    func auditEntries(before sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Audit records with this ``AuditRecord/subject``, in descending order of sequence, those before `sequence` only,
    /// `limit` at most.
    func auditEntries(of subject: UserID, before sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Audit records of a span of time, in descending order of time and then of sequence, `limit` at most.
    /// - Parameter sequence: of those with the span's latest millisecond, only the ones before this.
    func auditEntries(
        in span: ClosedRange<Timestamp>, before sequence: UInt64, limit: Int
    ) throws -> [AuditEntry]

    /// When the oldest audit record happened; `nil` when there is none.
    ///
    /// A record from after `now` was dated by a clock that was ahead. It counts as old as the first one behind it that was
    /// not, among the next ``longestFutureRun``: else it, and all behind it, would stay until its date.
    func oldestAuditTime(at now: Timestamp) throws -> Timestamp?

    /// The first row behind `cursor`, among `limit` rows of a table of the audit log, that belongs to no record of the
    /// chain; and the cursor of the next rows, `nil` at the end of the table.
    func strayAuditRow(
        in table: AuditTable, after cursor: [UInt8], limit: Int
    ) throws -> (isFound: Bool, next: [UInt8]?)

    /// What a record adds to ``AuditState/byteCount``.
    func auditByteCount(of entry: AuditEntry) throws -> UInt64

    /// Whether the audit record can be found by its subject and by its time.
    func isIndexed(_ record: AuditRecord) throws -> Bool

    /// How many status lists there are: they are numbered from 0.
    func statusListCount() throws -> Int

    /// The entries of a status list that are set, or were until lately, in ascending order of their offsets.
    /// - Parameter offset: only those after it; `nil` for all.
    func revokedStatusListEntries(of list: Int, after offset: Int?, limit: Int) throws -> [RevokedStatusListEntry]
}

extension StoreReader {
    /// How many audit records from the future, one after the other, are seen through.
    package static var longestFutureRun: Int { 1024 }
}
