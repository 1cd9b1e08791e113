import SharedState

/// A monotonic clock that the test advances.
final class Clock: Sendable {
    private let start = ContinuousClock.now
    private let elapsed = Guarded(Duration.zero)

    var now: @Sendable () -> ContinuousClock.Instant { { self.start + self.elapsed.withLock { $0 } } }

    /// Sets the clock to the time of its creation plus `time`.
    func advance(to time: Duration) { elapsed.withLock { $0 = time } }
}
