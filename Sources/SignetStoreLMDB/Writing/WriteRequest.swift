import SignetStore

/// A write in the queue. The protocol hides the type of the write's result.
protocol PendingWrite: Sendable {
    /// Runs the caller's closure and keeps its result for ``complete()``. If the commit is tried again, the closure
    /// runs again, and the new result replaces the old one. Call it only on the writer's thread.
    /// - Returns: `true` if the closure returned without an error. Its changes must then be committed.
    func run(on writer: LMDBWriter) -> Bool

    /// Resumes the caller with the result of the last ``run(on:)``. For each write, call either this or ``refuse(_:)``,
    /// once.
    func complete()

    /// Resumes the caller with `error`. For each write, call either this or ``complete()``, once.
    func refuse(_ error: StoreError)
}

/// One caller's write, and the continuation that waits for its result.
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
