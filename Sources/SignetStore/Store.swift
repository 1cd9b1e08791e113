// The module SignetStore defines the interface between the issuer and its storage: the protocols `Store`, `StoreReader`
// and `StoreWriter`, the records and their stored forms. No file of the module depends on a database.

/// The storage of accounts, sessions (as families of refresh tokens), clients, revoked tokens, status list entries and
/// audit records.
///
/// A read sees one consistent snapshot. A write is atomic, isolated from other writes, and durable before it returns.
/// Every backend must pass the tests of `StoreContract`.
package protocol Store: Sendable {
    /// Runs `body` on one consistent snapshot. A read does not wait for writers.
    ///
    /// `body` must be short, because it blocks its thread. The reader is invalid after `body` has returned.
    /// - Throws: the error of `body`, or a ``StoreError``.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result

    /// Runs `body` in one atomic transaction, and returns after the commit is durable.
    ///
    /// If `body` throws, the store keeps none of its writes. A backend may run `body` again after a conflict, so `body`
    /// must have no effects other than its writes.
    /// - Throws: the error of `body`, or a ``StoreError``. If its code is ``StoreError/Code/outcomeUnknown``, the store
    ///   may or may not hold the write.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result
}
