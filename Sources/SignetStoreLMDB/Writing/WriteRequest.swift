import SignetStore

/// A write in the queue, of any result type.
protocol PendingWrite: Sendable {
    /// Runs the caller's closure and keeps its result, in place of the result of an earlier run. Only on the writer's
    /// thread.
    /// - Returns: whether the closure returned, so that its changes shall be committed.
    func run(on writer: LMDBWriter) -> Bool

    /// Resumes the caller with the result of the last ``run(on:)``. Call exactly one of this and ``refuse(_:)``, once.
    func complete()

    /// Resumes the caller with `error`. Call exactly one of this and ``complete()``, once.
    func refuse(_ error: StoreError)
}

/// One caller's write, and the continuation that waits for its result.
final class WriteRequest<Output: Sendable>: PendingWrite, @unchecked Sendable {
    // Unchecked: after the request was queued, only the writer's thread uses `result`.
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
