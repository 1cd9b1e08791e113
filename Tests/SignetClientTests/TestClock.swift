import Synchronization

@testable import SignetClient

/// A clock that a test sets, and waiting that takes no time and is written down.
final class TestClock: Sendable {
    private let state = Mutex<(now: NumericDate, waits: [Duration])>((NumericDate(1_800_000_000), []))

    var now: NumericDate { state.withLock { $0.now } }
    var waits: [Duration] { state.withLock { $0.waits } }

    func advance(by duration: Duration) { state.withLock { $0.now = $0.now + duration } }

    var surroundings: Surroundings {
        Surroundings(
            date: { self.now }, sleep: { duration in self.state.withLock { $0.waits.append(duration) } },
            chance: { 1 })
    }
}
