import SharedState

/// A monotonic clock that a test sets.
package final class MonotonicClock: Sendable {
    private let start = ContinuousClock.now
    private let elapsed = Guarded(Duration.zero)

    package init() {}

    /// The function to inject in place of `ContinuousClock.now`.
    package var now: @Sendable () -> ContinuousClock.Instant { { self.start + self.elapsed.withLock { $0 } } }

    package func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    /// Sets the clock to the time of its creation plus `time`.
    package func set(to time: Duration) { elapsed.withLock { $0 = time } }
}
