/// The queries on one consistent snapshot of the store. A reader is valid only inside the closure that received it.
///
/// Every method throws a ``StoreError`` if the stored bytes cannot be read.
package protocol StoreReader {
    // MARK: Users, families, clients

    func user(id: UserID) throws -> UserRecord?

    /// Finds a user by e-mail address.
    /// - Parameter email: the address in lower case, without white space around it.
    func user(email: String) throws -> UserRecord?

    /// Lists users in ascending order of id.
    /// - Parameters:
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of users to return.
    func users(after cursor: UserID?, limit: Int) throws -> [UserRecord]

    func family(id: FamilyID) throws -> FamilyRecord?

    /// Lists one user's sessions (families) in ascending order of id, revoked and expired ones included.
    /// - Parameters:
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of families to return.
    func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    /// Lists the sessions (families) of all users in ascending order of id, revoked and expired ones included.
    /// - Parameters:
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of families to return.
    func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord]

    func client(id: ClientID) throws -> ClientRecord?

    /// Lists clients in ascending order of id.
    /// - Parameters:
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of clients to return.
    func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord]

    // MARK: Revoked tokens

    /// Returns `true` if the access token with this `jti` was revoked individually. After the token has expired, a
    /// sweep may remove the revocation record, and the result becomes `false`.
    func isRevoked(tokenID: String) throws -> Bool

    /// The number of status lists. The lists are numbered from 0.
    func statusListCount() throws -> Int

    /// Lists the entries of a status list that are set to revoked, in ascending order of their offsets.
    ///
    /// An entry counts as revoked only until ``RevokedStatusListEntry/until``. The result may hold entries for which
    /// that time has passed. The caller must leave them out.
    /// - Parameters:
    ///   - list: the number of the list.
    ///   - offset: the last offset of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of entries to return.
    func revokedStatusListEntries(of list: Int, after offset: Int?, limit: Int) throws -> [RevokedStatusListEntry]

    // MARK: Audit log

    /// The two ends of the hash chain of audit records, and the size of the audit log.
    func auditState() throws -> AuditState

    /// Lists audit records in ascending order of sequence number.
    ///
    /// All four methods that list audit records also return damaged records, because they do not decode the stored
    /// bytes. ``AuditEntry/record()`` decodes them.
    /// - Parameters:
    ///   - sequence: only records with a higher number; 0 for all.
    ///   - limit: the maximum number of records to return.
    func auditEntries(after sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Lists audit records in descending order of sequence number.
    /// - Parameters:
    ///   - sequence: only records with a lower number; `.max` for all.
    ///   - limit: the maximum number of records to return.
    func auditEntries(before sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Lists the audit records about one account (see ``AuditRecord/subject``), in descending order of sequence number.
    /// - Parameters:
    ///   - sequence: only records with a lower number; `.max` for all.
    ///   - limit: the maximum number of records to return.
    func auditEntries(of subject: UserID, before sequence: UInt64, limit: Int) throws -> [AuditEntry]

    /// Lists the audit records of a time span, in descending order of time and then of sequence number.
    /// - Parameters:
    ///   - span: the times to include, both ends inclusive.
    ///   - sequence: of the records whose time equals the end of the span, only those with a lower sequence number are
    ///     returned, so that a page can continue after a given record; `.max` for all.
    ///   - limit: the maximum number of records to return.
    func auditEntries(
        in span: ClosedRange<Timestamp>, before sequence: UInt64, limit: Int
    ) throws -> [AuditEntry]

    /// Returns the time of the first audit record, by sequence number, whose time is not after `now`; `nil` if there
    /// are no records.
    ///
    /// A record has a time after `now` if a clock was ahead when the record was written. Such records are skipped,
    /// because their age cannot be known. At most ``longestFutureRun`` records are read. If the times of all of them
    /// are after `now`, the result is the time of the last one.
    /// - Parameter now: the current time.
    func oldestAuditTime(at now: Timestamp) throws -> Timestamp?
}

extension StoreReader {
    /// The maximum number of audit records that ``oldestAuditTime(at:)`` reads while it skips records with a future
    /// time.
    package static var longestFutureRun: Int { 1024 }
}
