import SignetStore
import Synchronization

/// A store where somebody else is quicker: another write comes right before the first one of whoever uses it.
final class InterruptedStore: Store {
    typealias Change = @Sendable (any StoreWriter) throws -> Void

    private let store: any Store
    private let change = Mutex<Change?>(nil)

    init(store: any Store) { self.store = store }

    /// What the other one writes, once.
    var beforeWrite: Change? {
        get { change.withLock { $0 } }
        set { change.withLock { $0 = newValue } }
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        let other = change.withLock { change in
            defer { change = nil }
            return change
        }
        if let other { try await store.write(other) }
        return try await store.write(body)
    }
}
