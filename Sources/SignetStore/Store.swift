/// Where the issuer keeps its accounts, families, clients, revoked tokens and audit records.
///
/// A store gives two things: reads that see one consistent snapshot, and writes that are atomic, isolated from each
/// other and durable. Whatever a backend does inside, `StoreContract` in the tests is what it must hold to.
package protocol Store: Sendable {
    /// Runs `body` on a consistent snapshot. Never waits for a writer.
    ///
    /// `body` is synchronous and short; the reader must not leave it.
    /// - Throws: what `body` throws, or a ``StoreError``.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result

    /// Runs `body` in one atomic transaction and returns once its commit is durable.
    ///
    /// When `body` throws, nothing that it wrote remains and other writes are untouched. `body` may run more than once
    /// (a backend may have to start the transaction again), so it must have no other effect than on the writer.
    /// - Throws: what `body` throws, or a ``StoreError``; after ``StoreError/Code/outcomeUnknown`` the write may or may
    ///   not be found later.
    func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> Result) async throws -> Result
}
