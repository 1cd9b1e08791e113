/// A transaction that may write. Valid only inside the closure that received the writer.
///
/// Reads through a writer see its own writes. Every method throws a ``StoreError``. All of them throw
/// ``StoreError/Code/invalidRecord`` if a field exceeds the bounds that its record documents; each method lists its
/// other codes.
///
/// Ending a family sets its status list entry to revoked in the same transaction, until
/// ``StatusListEntry/revokedUntil``. A family ends when it is revoked, when its user is deleted, or when a new
/// ``UserRecord/sessionCutoff`` ends it. A cutoff sets the entries of the user's first 1000 families at once;
/// ``sweep(at:limit:)`` sets the rest. A sweep also frees the index of an ended family, no sooner than
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

    /// Removes a user and all families of that user.
    /// - Returns: false if there was no such user.
    @discardableResult
    func deleteUser(id: UserID) throws -> Bool

    // MARK: Families

    /// Adds a family.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ family: FamilyRecord) throws

    /// Replaces the family with the same id. The user must be the same.
    /// - Throws: ``StoreError/Code/notFound`` if there is no such family; ``StoreError/Code/invalidRecord`` if the user
    ///   differs.
    func update(_ family: FamilyRecord) throws

    /// Removes up to `limit` families of one user, revoked and expired ones included.
    /// - Returns: the number of families that were removed.
    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int

    /// Allocates a random free status list index, for a family that the same transaction writes.
    /// - Throws: ``StoreError/Code/full`` if every index is taken.
    func allocateStatusListIndex() throws -> StatusListIndex

    // MARK: Clients

    /// Adds a client.
    /// - Throws: ``StoreError/Code/conflict`` if the id is taken.
    func insert(_ client: ClientRecord) throws

    /// Removes a client.
    /// - Returns: false if there was no such client.
    @discardableResult
    func deleteClient(id: ClientID) throws -> Bool

    // MARK: Revoked tokens and clean-up

    /// Marks the access token with this `jti` as revoked. Marking it again is no error; the later expiry is kept.
    /// - Parameters:
    ///   - tokenID: 1…``RevocationRecord/longestTokenID`` bytes, else ``StoreError/Code/invalidRecord``.
    ///   - expiry: when the token expires, after which a sweep may remove the mark.
    func revoke(tokenID: String, until expiry: Timestamp) throws

    /// Removes what has expired at `now`: families past ``FamilyRecord/removableAt``, marks of revoked tokens, and
    /// status list indices past ``StatusListEntry/reusableAt``. Before that it sets the status list entries that
    /// session cutoffs have left.
    ///
    /// Call it again while it returns `limit`.
    /// - Parameter limit: the most index entries to handle; at least 1.
    /// - Returns: the number of index entries that were handled.
    @discardableResult
    func sweep(at now: Timestamp, limit: Int) throws -> Int

    // MARK: Audit log

    /// Appends an audit record to the chain.
    /// - Parameter hash: returns the record's hash, 32 bytes, from its stored form. The store encodes the record once
    ///   and calls `hash` once. The hash is the ``AuditRecord/previousHash`` of the next record.
    /// - Throws: ``StoreError/Code/conflict`` if sequence number or previous hash do not continue ``AuditState/head``.
    func append(_ record: AuditRecord, hash: (AuditEntry) -> [UInt8]) throws

    /// Removes the oldest audit records while the oldest is from before `start`, or while all records take more than
    /// `byteCount` bytes. Moves ``AuditState/anchor``.
    /// - Parameters:
    ///   - start: records from before this time may be removed.
    ///   - now: the current time; see ``StoreReader/oldestAuditTime(at:)``.
    ///   - byteCount: the size of the log above which records of any age are removed.
    ///   - limit: the most records to remove.
    /// - Returns: the number of records that were removed.
    /// - Throws: ``StoreError/Code/corrupt`` if the oldest record is damaged. It is not removed, so that the operator
    ///   can examine it.
    @discardableResult
    func trimAudit(before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int) throws -> Int
}
