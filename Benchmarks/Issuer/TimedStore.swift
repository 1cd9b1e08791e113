import SignetStore
import Synchronization

/// A store that notes how long each of its writes took, from the request to the durable commit.
///
/// With nobody else writing, that is how long the writer was held.
final class TimedStore: Store {
    private let store: any Store
    private let times = Mutex<[Duration]>([])

    init(_ store: any Store) { self.store = store }

    /// The times of all writes so far, the shortest first.
    var sortedTimes: [Duration] { times.withLock { $0 }.sorted() }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreWriter) throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        defer {
            let time = ContinuousClock.now - start
            times.withLock { $0.append(time) }
        }
        return try await store.write(body)
    }
}
