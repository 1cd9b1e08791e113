import SignetStore
import Synchronization

/// A store whose disk is full whenever a test says so, and that counts its transactions.
final class FailingStore: Store {
    private struct State {
        var fails = false
        var writes = 0
        var limit = Int.max
    }

    private let store: any Store
    private let state = Mutex(State())

    init(store: any Store) { self.store = store }

    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }

    /// How many writes there may be until it is full.
    var limit: Int {
        get { state.withLock { $0.limit } }
        set { state.withLock { $0.limit = newValue } }
    }

    /// How many writes were begun.
    var writes: Int { state.withLock { $0.writes } }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        let isBeyondLimit = state.withLock { state in
            state.writes += 1
            return state.writes > state.limit
        }
        if fails || isBeyondLimit { throw StoreError(.full, "the test's disk is full") }
        return try await store.write(body)
    }
}
