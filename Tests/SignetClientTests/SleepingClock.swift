import Synchronization

@testable import SignetClient

/// A wall clock and a monotonic clock that a test sets. `wait` returns at once: it advances both clocks and records the
/// wait.
final class SleepingClock: Sendable {
    private struct State {
        var date = NumericDate(1_800_000_000)
        var instant = ContinuousClock.now
        var waits: [Duration] = []

        mutating func advance(by duration: Duration) {
            date = date + duration
            instant += duration
        }
    }

    private let state = Mutex(State())

    var now: NumericDate { state.withLock { $0.date } }
    var instant: ContinuousClock.Instant { state.withLock { $0.instant } }
    var waits: [Duration] { state.withLock { $0.waits } }

    func advance(by duration: Duration) { state.withLock { $0.advance(by: duration) } }

    /// Sets the wall clock back. The monotonic clock continues.
    func setBack(by duration: Duration) { state.withLock { $0.date = $0.date - duration } }

    func wait(_ duration: Duration) {
        state.withLock { state in
            state.waits.append(duration)
            state.advance(by: duration)
        }
    }

    var environment: ClientEnvironment {
        ClientEnvironment(
            date: { self.now }, instant: { self.instant }, sleep: { duration in self.wait(duration) }, chance: { 1 })
    }
}
