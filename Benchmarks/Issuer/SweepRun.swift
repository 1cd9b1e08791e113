import SignetIssuer
import SignetStore

/// A sweep of a store in which everything has expired, stopped after a while.
struct SweepRun: Sendable {
    /// How long each transaction held the writer, its commit included; the shortest first.
    let times: [Duration]

    init(of store: any Store, for slice: Duration) async throws {
        let timed = TimedStore(store)
        let sweep = Task { try await Sweeper(store: timed).sweep(at: .system() + .seconds(365 * 86_400)) }
        try await ContinuousClock().sleep(for: slice)
        sweep.cancel()
        _ = try? await sweep.value
        times = timed.sortedTimes
    }

    /// The time that this share of the transactions did not exceed, in milliseconds.
    func milliseconds(within share: Double) -> Double {
        guard !times.isEmpty else { return .nan }
        return times[Int((Double(times.count - 1) * share).rounded())] / .milliseconds(1)
    }
}
