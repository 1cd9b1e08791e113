// This folder is the contract between the issuer and its storage. `Store`, `StoreReader` and `StoreWriter` are here.
// The folders Records and Encoding have the records and their stored forms. No file here depends on a database.

/// The storage of accounts, sessions (as families of refresh tokens), clients, revoked tokens, status list entries and
/// audit records.
///
/// Reads see one consistent snapshot. Writes are atomic, isolated from each other, and durable before they return.
/// Every backend must pass the tests of `StoreContract`.
package protocol Store: Sendable {
    /// Runs `body` on one consistent snapshot. It does not wait for writers.
    ///
    /// `body` must be short, because it blocks its thread. The reader is invalid after `body` has returned.
    /// - Throws: the error of `body`, or a ``StoreError``.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result

    /// Runs `body` in one atomic transaction, and returns after the commit is durable.
    ///
    /// If `body` throws, the store keeps none of its writes. A backend may run `body` again after a conflict, so `body`
    /// must have no effects other than its writes.
    /// - Throws: the error of `body`, or a ``StoreError``. After ``StoreError/Code/outcomeUnknown`` it is unknown
    ///   whether the store holds the write.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result
}
