import HTTPFetching
import JOSE

/// Clocks, waiting and chance: what tests put their own in place of.
struct Environment: Sendable {
    var date: @Sendable () -> NumericDate = { .now }
    var instant: @Sendable () -> ContinuousClock.Instant = { .now }
    /// Returns after a time, or throws when its task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// 0 … 1.
    var chance: @Sendable () -> Double = { .random(in: 0...1) }

    /// Now.
    var moment: ClockReading { ClockReading(date: date(), instant: instant()) }
}
