import SignetStore
import Synchronization

/// A wall clock that a test sets.
final class TestClock: Sendable {
    /// An arbitrary moment with milliseconds in it.
    static let start = Timestamp(milliseconds: 1_800_000_000_250)

    private let time = Mutex(start)

    var now: Timestamp { time.withLock { $0 } }

    func set(to moment: Timestamp) { time.withLock { $0 = moment } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}
