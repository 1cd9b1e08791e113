// This folder is the contract between the issuer and its storage: `Store`, `StoreReader` and `StoreWriter`. The records
// and their stored forms are in the folders beside it. Nothing here knows a database.

/// The storage of accounts, families, clients, revoked tokens, status list entries and audit records.
///
/// Reads see one consistent snapshot. Writes are atomic, isolated from each other, and durable before they return.
/// Every backend must pass the clauses of `StoreContract` in the tests.
package protocol Store: Sendable {
    /// Runs `body` on one consistent snapshot, without waiting for a writer.
    ///
    /// `body` must be short, because it blocks its thread. The reader is invalid after `body` has returned.
    /// - Throws: the error of `body`, or a ``StoreError``.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result

    /// Runs `body` in one atomic transaction, and returns after the commit is durable.
    ///
    /// If `body` throws, the store keeps nothing of what `body` wrote. A backend may run `body` again after a conflict,
    /// so `body` must change nothing but the writer.
    /// - Throws: the error of `body`, or a ``StoreError``. After ``StoreError/Code/outcomeUnknown`` the write may be in
    ///   the store or not.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result
}
