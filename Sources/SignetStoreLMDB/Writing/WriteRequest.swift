import SignetStore

/// One caller's write and the continuation that waits for it.
final class WriteRequest<Output: Sendable>: PendingWrite, @unchecked Sendable {
    // Unchecked: after the queue has handed the request over, only the writer's thread touches `outcome`.
    private let body: @Sendable (any StoreWriter) throws -> Output
    private let caller: CheckedContinuation<Output, any Error>
    private var outcome: Result<Output, any Error>?

    init(
        caller: CheckedContinuation<Output, any Error>, body: @escaping @Sendable (any StoreWriter) throws -> Output
    ) {
        self.caller = caller
        self.body = body
    }

    func run(on writer: LMDBWriter) -> Bool {
        do {
            outcome = .success(try body(writer))
            return true
        } catch {
            outcome = .failure(error)
            return false
        }
    }

    func answer() {
        guard let outcome else { preconditionFailure("a write was answered before it ran") }
        caller.resume(with: outcome)
    }

    func refuse(_ error: StoreError) {
        caller.resume(throwing: error)
    }
}
