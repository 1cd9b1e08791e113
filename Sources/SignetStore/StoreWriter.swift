/// One write transaction. A writer is valid only inside the closure that received it.
///
/// Reads through a writer see the writes of the same transaction. Every method throws a ``StoreError``. The code is
/// ``StoreError/Code/invalidRecord`` if a field exceeds the bounds in its record's documentation. Each method lists the
/// other codes that it uses.
///
/// A family (all refresh tokens of one login) ends when it is revoked, when its user is deleted, or when its user gets
/// a new ``UserRecord/sessionCutoff`` that covers the family. The same transaction sets the status list entry of the
/// ended family to "revoked" until ``StatusListEntry/revokedUntil``. A session cutoff sets at most 1000 entries;
/// ``sweep(at:limit:)`` sets the remaining ones. A sweep frees the status list index of an ended family after
/// ``StatusListEntry/reusableAt``.
package protocol StoreWriter: StoreReader {
    // MARK: Users

    /// Adds a user.
    /// - Throws: ``StoreError/Code/conflict`` if another user has the id or the e-mail address.
    func insert(_ user: UserRecord) throws

    /// Replaces the user with the same id, and updates the e-mail index.
    /// - Throws: ``StoreError/Code/notFound`` if there is no such user; ``StoreError/Code/conflict`` if another user
    ///   has the e-mail address.
    func update(_ user: UserRecord) throws

    /// Removes a user and all sessions (families) of that user.
    /// - Returns: `false` if there was no such user.
    @discardableResult
    func deleteUser(id: UserID) throws -> Bool

    // MARK: Families

    /// Adds a family, which is the record of one session.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ family: FamilyRecord) throws

    /// Replaces the stored session (family) that has the id of `family`.
    /// - Throws: ``StoreError/Code/notFound`` if no session has the id; ``StoreError/Code/invalidRecord`` if the stored
    ///   session belongs to another user.
    func update(_ family: FamilyRecord) throws

    /// Removes up to `limit` sessions (families) of one user, including revoked and expired ones.
    /// - Returns: the number of sessions that were removed.
    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int

    /// Finds a random free status list index, and does not take it.
    /// - Throws: ``StoreError/Code/full`` if every index is taken.
    func freeStatusListIndex() throws -> StatusListIndex

    /// Takes a free status list index. In the same transaction, the caller must write a session (family) that uses the
    /// index.
    /// - Throws: ``StoreError/Code/conflict`` if the index is taken.
    func takeStatusListIndex(_ index: StatusListIndex) throws

    // MARK: Clients

    /// Adds a client.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ client: ClientRecord) throws

    /// Removes a client.
    /// - Returns: `false` if there was no such client.
    @discardableResult
    func deleteClient(id: ClientID) throws -> Bool

    // MARK: Revoked tokens and clean-up

    /// Marks the access token with this `jti` as revoked. If the token is already marked, the mark keeps the later of
    /// the two expiry times.
    /// - Parameters:
    ///   - tokenID: 1…``RevocationRecord/longestTokenID`` bytes, else ``StoreError/Code/invalidRecord``.
    ///   - expiry: when the token expires. After this time ``sweep(at:limit:)`` may remove the mark.
    func revoke(tokenID: String, until expiry: Timestamp) throws

    /// Removes expired sessions (families) and expired records of revoked tokens, and frees status list indices whose
    /// ``StatusListEntry/reusableAt`` has passed.
    ///
    /// First completes session cutoffs: a ``UserRecord/sessionCutoff`` that ends many sessions sets only 1000 status
    /// list entries in its own transaction, and sweeps set the remaining ones.
    /// - Parameter limit: the maximum number of sessions, revocation records and status list indices to process; at
    ///   least 1.
    /// - Returns: how many of them were processed. If the result equals `limit`, more may be due: call the method
    ///   again.
    @discardableResult
    func sweep(at now: Timestamp, limit: Int) throws -> Int

    // MARK: Audit log

    /// Appends a record to the audit log, whose records form a hash chain.
    /// - Parameter hash: computes the record's hash (32 bytes) from its stored form. The next record must have this
    ///   hash as its ``AuditRecord/previousHash``. The store calls `hash` once.
    /// - Throws: ``StoreError/Code/conflict`` if the sequence number or the previous hash does not continue
    ///   ``AuditState/head``.
    func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws

    /// Removes the oldest audit records, one by one, while the oldest is from before `start` or the log takes more than
    /// `byteCount` bytes. Moves ``AuditState/anchor`` to the last removed record.
    /// - Parameters:
    ///   - start: records from before this time are removed.
    ///   - now: the current time. A record with a later time was written while a clock was wrong. Its age is taken to
    ///     be the age of the next record whose time is not in the future.
    ///   - byteCount: the size of the log in bytes, above which records of any age are removed.
    ///   - limit: the maximum number of records to remove.
    /// - Returns: the number of records that were removed.
    /// - Throws: ``StoreError/Code/corrupt`` if the oldest record is damaged. The damaged record stays, so that the
    ///   operator can examine it.
    @discardableResult
    func trimAudit(before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int) throws -> Int
}
