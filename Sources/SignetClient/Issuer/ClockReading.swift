import HTTPFetching
import JOSE

/// Now, by both clocks.
struct ClockReading: Sendable, Hashable {
    /// By the wall clock, which may be set at any time.
    let date: NumericDate
    /// By the clock that only goes on.
    let instant: ContinuousClock.Instant
}
