import SignetIssuer
import SignetStore
import Synchronization

/// A sweep of a store in which everything has expired, stopped after a given time.
struct SweepRun: Sendable {
    /// How long each transaction held the writer, including its commit, shortest first.
    let times: [Duration]

    init(of store: any Store, for slice: Duration) async throws {
        let timed = TimedStore(store)
        let sweep = Task { try await Sweeper(store: timed).sweep(at: .system() + .seconds(365 * 86_400)) }
        try await ContinuousClock().sleep(for: slice)
        sweep.cancel()
        _ = try? await sweep.value
        times = timed.sortedTimes
    }

    /// The percentile of the transaction times in milliseconds.
    /// - Parameter share: 0…1.
    func milliseconds(within share: Double) -> Double {
        guard !times.isEmpty else { return .nan }
        return times[Int((Double(times.count - 1) * share).rounded())] / .milliseconds(1)
    }
}

/// A store that measures each write from the request to the durable commit. Without other writers, that is the time for
/// which the writer was held.
final class TimedStore: Store {
    private let store: any Store
    private let times = Mutex<[Duration]>([])

    init(_ store: any Store) { self.store = store }

    /// The times of all writes so far, shortest first.
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
