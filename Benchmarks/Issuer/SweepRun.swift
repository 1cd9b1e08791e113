import SignetIssuer
import SignetStore
import Synchronization

/// Measures how long the removal of expired refresh token families blocks other writers. The removal uses a time in the
/// future, at which all families have expired. It is cancelled after the time `slice`.
struct SweepRun: Sendable {
    /// How long each write transaction of the removal blocked other writers, including the commit. The shortest time is
    /// first.
    let times: [Duration]

    init(of store: any LocalStore, for slice: Duration) async throws {
        let timed = TimedStore(store)
        let sweep = Task { try await Sweeper(store: timed).sweep(at: .system() + .seconds(365 * 86_400)) }
        try await ContinuousClock().sleep(for: slice)
        sweep.cancel()
        _ = try? await sweep.value
        times = timed.sortedTimes
    }

    /// A percentile of the durations of the write transactions, in milliseconds.
    /// - Parameter share: the percentile as a fraction: 0.5 for the median, 0.99 for the 99th percentile.
    func milliseconds(within share: Double) -> Double {
        guard !times.isEmpty else { return .nan }
        return times[Int((Double(times.count - 1) * share).rounded())] / .milliseconds(1)
    }
}

/// A store that measures each write transaction from the call to the durable commit. If no other task writes, this is
/// the time for which the transaction blocks other writers.
final class TimedStore: LocalStore {
    private let store: any LocalStore
    private let times = Mutex<[Duration]>([])

    init(_ store: any LocalStore) { self.store = store }

    /// The durations of all write transactions so far, shortest first.
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
