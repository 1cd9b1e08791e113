// The module SignetStore defines the interface between the issuer and its storage: the protocol `Store`, the values
// that it takes and returns, the records and their stored forms. No file of the module depends on a database.

/// The storage of accounts, sessions (as families of refresh tokens), clients, revoked tokens, status list entries and
/// audit records.
///
/// A lookup and a query see one consistent snapshot, and do not wait for writers. A write is atomic, isolated from other
/// writes, and durable before it returns. Every method throws a ``StoreError`` if the store cannot be used. Every
/// backend must pass the tests of `StoreContract`.
package protocol Store: Sendable {
    // MARK: Lookups and decisions

    /// Loads records.
    func load(_ lookup: StoreLookup) async throws -> LoadedRecords

    /// Loads records if the store can do so without waiting for another machine; otherwise returns `nil`. On `nil`, call
    /// ``load(_:)``. The caller may be an event loop.
    func loadAtHand(_ lookup: StoreLookup) throws -> LoadedRecords?

    /// Loads records, decides what to change, and writes the changes in one atomic transaction. Returns after the commit
    /// is durable.
    ///
    /// The transaction writes only if the loaded records have not changed in the meantime. Otherwise the store loads
    /// them again and runs `decide` again. So `decide` may run several times. It must be quick and have no effects.
    /// - Parameters:
    ///   - known: what the caller has loaded before with the same lookup; `nil` if nothing. A store on another machine
    ///     runs `decide` with these records first, which saves a round trip. A status list index is always loaded.
    ///   - decide: returns the result and the changes. If it throws, nothing is written.
    /// - Throws: the error of `decide`, or a ``StoreError``. If its code is ``StoreError/Code/outcomeUnknown``, the
    ///   store may or may not hold the write.
    func write<Result: Sendable>(
        loading lookup: StoreLookup, known: LoadedRecords?,
        _ decide: @escaping @Sendable (LoadedRecords) throws -> StoreDecision<Result>
    ) async throws -> Result

    // MARK: Queries

    /// Lists users in ascending order of id.
    /// - Parameters:
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    ///   - limit: the maximum number of users to return.
    func users(after cursor: UserID?, limit: Int) async throws -> [UserRecord]

    /// Lists clients in ascending order of id; the parameters are those of ``users(after:limit:)``.
    func clients(after cursor: ClientID?, limit: Int) async throws -> [ClientRecord]

    /// Lists the sessions of all users in ascending order of id, revoked and expired ones included; the parameters are
    /// those of ``users(after:limit:)``.
    /// - Returns: the families and their users.
    func sessions(after cursor: FamilyID?, limit: Int) async throws -> [SessionRecords]

    /// The number of status lists; see ``StoreReader/statusListCount()``.
    func statusListCount() async throws -> Int

    /// Lists the entries of a status list that are set to revoked; see
    /// ``StoreReader/revokedStatusListEntries(of:after:limit:)``.
    func revokedStatusListEntries(
        of list: Int, after offset: Int?, limit: Int
    ) async throws -> [RevokedStatusListEntry]

    /// Lists up to `limit` audit records.
    func auditPage(_ selection: AuditSelection, limit: Int) async throws -> AuditPage

    /// The state of the audit log and the time of its oldest record.
    /// - Parameter now: the current time.
    func auditExtent(at now: Timestamp) async throws -> AuditExtent

    // MARK: Jobs

    /// Runs one transaction of the removal of expired records; see ``StoreWriter/sweep(at:limit:)``.
    func sweep(at now: Timestamp, within limit: BatchLimit) async throws -> BatchProgress

    /// Removes the oldest audit records in one transaction; see ``StoreWriter/trimAudit(before:at:downTo:limit:)``.
    /// - Parameter record: returns the changes to write in the same transaction. It gets what the transaction removed,
    ///   and the last removed record. Like a decision, it may run several times.
    func trimAudit(
        _ trim: AuditTrim, within limit: BatchLimit,
        recording record: @escaping @Sendable (BatchProgress, _ anchor: AuditLink) -> [StoreChange]
    ) async throws -> BatchProgress
}

extension Store {
    /// Loads records, decides what to change, and writes the changes; see ``write(loading:known:_:)``.
    package func write<Result: Sendable>(
        loading lookup: StoreLookup, _ decide: @escaping @Sendable (LoadedRecords) throws -> StoreDecision<Result>
    ) async throws -> Result {
        try await write(loading: lookup, known: nil, decide)
    }

    /// Writes changes that depend on no stored record.
    package func write(_ changes: [StoreChange]) async throws {
        try await write(loading: StoreLookup(), known: LoadedRecords()) { _ in StoreDecision(changes) }
    }
}
