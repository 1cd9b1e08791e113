import SignetStore

/// A write in the queue of writes. The protocol hides the result type of the write, so that one queue can hold writes
/// of all types.
protocol PendingWrite: Sendable {
    /// Runs the caller's closure and keeps its result for ``complete()``. If the commit is tried again, the closure
    /// runs again, and only the new result counts. Call it only on the writer thread.
    /// - Returns: `true` if the closure returned without an error, so that its changes must be committed.
    func run(on writer: LMDBWriter) -> Bool

    /// Resumes the caller with the result of the last ``run(on:)``. Call either this function or ``refuse(_:)``,
    /// exactly once.
    func complete()

    /// Resumes the caller with `error`. Call either this function or ``complete()``, exactly once.
    func refuse(_ error: StoreError)
}

/// One caller's write, with the continuation in which the caller waits for the result.
final class WriteRequest<Output: Sendable>: PendingWrite, @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: `body` and `caller` never change. After the request was queued, only the
    // writer's thread uses `result`.
    private let body: @Sendable (any StoreWriter) throws -> Output
    private let caller: CheckedContinuation<Output, any Error>
    private var result: Result<Output, any Error>?

    init(
        caller: CheckedContinuation<Output, any Error>, body: @escaping @Sendable (any StoreWriter) throws -> Output
    ) {
        self.caller = caller
        self.body = body
    }

    func run(on writer: LMDBWriter) -> Bool {
        do {
            result = .success(try body(writer))
            return true
        } catch {
            result = .failure(error)
            return false
        }
    }

    func complete() {
        guard let result else { preconditionFailure("a write was completed before it ran") }
        caller.resume(with: result)
    }

    func refuse(_ error: StoreError) {
        caller.resume(throwing: error)
    }
}
