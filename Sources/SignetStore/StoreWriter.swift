/// A transaction that may write. Valid only inside the closure that received the writer.
///
/// Reads through a writer see its own writes. Every method throws a ``StoreError``. Every method throws
/// ``StoreError/Code/invalidRecord`` if a field exceeds the bounds in its record's documentation. Each method lists its
/// other codes.
///
/// A family (all refresh tokens of one login) ends when it is revoked, when its user is deleted, or when its user gets
/// a new ``UserRecord/sessionCutoff``, which ends the families that were created up to its time. The same transaction
/// sets the status list entry of the ended family to "revoked" until ``StatusListEntry/revokedUntil``. If a session
/// cutoff ends more than 1000 families, ``sweep(at:limit:)`` sets the entries beyond the first 1000. After
/// ``StatusListEntry/reusableAt`` a sweep frees the status list index of the ended family.
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

    /// Adds a family: the record of one session, with all refresh tokens of one login.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ family: FamilyRecord) throws

    /// Replaces the stored session (family) that has the id of `family`.
    /// - Throws: ``StoreError/Code/notFound`` if no session has the id; ``StoreError/Code/invalidRecord`` if the stored
    ///   session belongs to another user.
    func update(_ family: FamilyRecord) throws

    /// Removes up to `limit` sessions (families) of one user. Revoked and expired sessions are removed, too.
    /// - Returns: the number of sessions that were removed.
    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int

    /// Allocates a random free status list index. The same transaction must write a session (family) that uses the
    /// index.
    /// - Throws: ``StoreError/Code/full`` if every index is taken.
    func allocateStatusListIndex() throws -> StatusListIndex

    // MARK: Clients

    /// Adds a client.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ client: ClientRecord) throws

    /// Removes a client.
    /// - Returns: `false` if there was no such client.
    @discardableResult
    func deleteClient(id: ClientID) throws -> Bool

    // MARK: Revoked tokens and clean-up

    /// Marks the access token with this `jti` as revoked. If it is already marked, the later of the two expiries is
    /// kept.
    /// - Parameters:
    ///   - tokenID: 1…``RevocationRecord/longestTokenID`` bytes, else ``StoreError/Code/invalidRecord``.
    ///   - expiry: when the token expires. From then on ``sweep(at:limit:)`` may remove the mark.
    func revoke(tokenID: String, until expiry: Timestamp) throws

    /// Removes expired sessions (families) and expired records of revoked tokens, and frees status list indices whose
    /// ``StatusListEntry/reusableAt`` has passed.
    ///
    /// Before the removals, completes each ``UserRecord/sessionCutoff`` that ended more sessions than its transaction
    /// could mark: sets the status list entries of the remaining sessions to "revoked". If the result equals `limit`,
    /// work may be left: call the method again.
    /// - Parameter limit: the most index rows to handle; at least 1.
    /// - Returns: the number of index rows that were handled.
    @discardableResult
    func sweep(at now: Timestamp, limit: Int) throws -> Int

    // MARK: Audit log

    /// Appends a record to the audit log, whose records form a hash chain.
    /// - Parameter hash: returns the record's hash, 32 bytes, from its stored form. The store encodes the record once
    ///   and calls `hash` once. The hash is the ``AuditRecord/previousHash`` of the next record.
    /// - Throws: ``StoreError/Code/conflict`` if the sequence number or the previous hash does not continue
    ///   ``AuditState/head``.
    func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws

    /// Removes the oldest audit records, one by one, while the oldest is from before `start` or the log takes more than
    /// `byteCount` bytes. Moves ``AuditState/anchor`` to the last removed record.
    /// - Parameters:
    ///   - start: records from before this time may be removed.
    ///   - now: the current time. A record with a later time was written by a wrong clock; it counts as being as old as
    ///     the next record that is not from the future.
    ///   - byteCount: the size of the log above which records of any age are removed.
    ///   - limit: the most records to remove.
    /// - Returns: the number of records that were removed.
    /// - Throws: ``StoreError/Code/corrupt`` if the oldest record is damaged. The damaged record stays, so that the
    ///   operator can examine it.
    @discardableResult
    func trimAudit(before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int) throws -> Int
}
