import JOSE

/// The clocks, the sleep function and the random numbers that the client uses. Tests replace all of them.
struct Environment: Sendable {
    var date: @Sendable () -> NumericDate = { .now }
    var instant: @Sendable () -> ContinuousClock.Instant = { .now }
    /// Returns after a duration, or throws if its task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Returns after the longest time that a caller with a good token waits for a renewal, or throws if its task is
    /// cancelled.
    var patience: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Returns a number from 0 to 1.
    var chance: @Sendable () -> Double = { .random(in: 0...1) }

    /// The current time on the wall clock and on the monotonic clock.
    var now: ClockReading { ClockReading(date: date(), instant: instant()) }
}

/// One point in time, measured on the wall clock and on the monotonic clock.
struct ClockReading: Sendable, Hashable {
    /// The wall clock, which somebody may set at any time.
    let date: NumericDate
    /// The monotonic clock.
    let instant: ContinuousClock.Instant
}
