/// A transaction that may write. Valid only inside the closure that received it.
///
/// Reads through it see its own writes. Every method throws a ``StoreError``: besides what is said at each,
/// ``StoreError/Code/invalidRecord`` when a field is outside the bounds that its record documents.
///
/// Whatever ends a family keeps the status lists true, so that nobody has to think of them: revoking it, removing it with
/// its user, or a new ``UserRecord/sessionCutoff`` that ends it (of a thousand families at once, of any more when their
/// records are written, or else by ``sweep(at:limit:)``) sets the family's entry until ``StatusListEntry/revokedUntil``. The index of a family that has ended is taken again no
/// sooner than ``StatusListEntry/reusableAt``, and only after a sweep.
package protocol StoreWriter: StoreReader {
    /// Adds a user.
    /// - Throws: ``StoreError/Code/conflict`` when the id or the e-mail address is taken.
    func insert(_ user: UserRecord) throws

    /// Replaces the user with the same id; the e-mail index follows.
    /// - Throws: ``StoreError/Code/notFound`` without such a user, ``StoreError/Code/conflict`` when another user has
    ///   the e-mail address.
    func update(_ user: UserRecord) throws

    /// Removes a user and all families of that user. Returns whether there was one.
    @discardableResult
    func deleteUser(id: UserID) throws -> Bool

    /// Removes families of one user, `limit` at most, dead or alive. Returns how many there were.
    @discardableResult
    func removeFamilies(of user: UserID, limit: Int) throws -> Int

    /// Adds a family.
    /// - Throws: ``StoreError/Code/conflict`` when the id is taken.
    func insert(_ family: FamilyRecord) throws

    /// Replaces the family with the same id, which must keep its user.
    /// - Throws: ``StoreError/Code/notFound`` without such a family, ``StoreError/Code/invalidRecord`` when the user
    ///   differs.
    func update(_ family: FamilyRecord) throws

    /// Takes an index at random among those that no token names, for a family that is then written with it.
    /// - Throws: ``StoreError/Code/full`` when every list is.
    func allocateStatusListIndex() throws -> StatusListIndex

    /// Adds a client.
    /// - Throws: ``StoreError/Code/conflict`` when the id is taken.
    func insert(_ client: ClientRecord) throws

    /// Removes a client. Returns whether there was one.
    @discardableResult
    func deleteClient(id: ClientID) throws -> Bool

    /// Remembers that the access token with this `jti` is revoked, until `expiry`, when the token is dead by itself.
    /// Saying it twice is no error; the later expiry wins.
    /// - Throws: ``StoreError/Code/invalidRecord`` for an id that is empty or longer than
    ///   ``RevocationRecord/longestTokenID`` bytes.
    func revoke(tokenID: String, until expiry: Timestamp) throws

    /// Removes families, revoked token ids and status indices whose time has passed at `now`, `limit` records at most,
    /// and before that sets the entries that a cutoff has left to be set.
    ///
    /// A family goes once ``FamilyRecord/removableAt`` has passed. Call it again until it returns less than `limit`,
    /// which is at least 1.
    /// - Returns: how many index entries were handled.
    @discardableResult
    func sweep(at now: Timestamp, limit: Int) throws -> Int

    /// Adds an audit record to the head of the chain.
    /// - Parameter hash: of this record; the next one's ``AuditRecord/previousHash``. 32 bytes.
    /// - Throws: ``StoreError/Code/conflict`` unless sequence and previous hash continue ``AuditState/head``.
    func append(_ record: AuditRecord, hash: [UInt8]) throws

    /// Removes audit records from the old end, as long as the oldest one happened before `start` or all of them take
    /// more than `byteCount` bytes, `limit` at most. ``AuditState/anchor`` follows.
    /// - Parameter now: see ``StoreReader/oldestAuditTime(at:)``.
    /// - Returns: how many were removed.
    /// - Throws: ``StoreError/Code/corrupt`` when the oldest record is damaged: it is left for the operator to look at.
    @discardableResult
    func trimAudit(before start: Timestamp, at now: Timestamp, downTo byteCount: UInt64, limit: Int) throws -> Int
}
