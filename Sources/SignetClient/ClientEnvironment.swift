public import JOSE

/// The clocks, the sleep function and the random numbers of a ``UserSession`` or a ``ClientCredentialsTokenSource``.
/// Replace them in tests.
public struct ClientEnvironment: Sendable {
    /// The wall clock.
    public var date: @Sendable () -> NumericDate
    /// The monotonic clock.
    public var instant: @Sendable () -> ContinuousClock.Instant
    /// Waits for a duration, or throws if its task is cancelled. Used between two attempts of a request.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// Waits for a duration, or throws if its task is cancelled. Limits how long a caller whose token is still valid
    /// waits for the next token.
    public var patience: @Sendable (Duration) async throws -> Void
    /// Returns a number from 0 to 1, for the random part of the wait between two attempts of a request.
    public var chance: @Sendable () -> Double

    /// Creates an environment. The defaults are the system's clocks, `Task.sleep` and random numbers.
    public init(
        date: @escaping @Sendable () -> NumericDate = { .now },
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        patience: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.date = date
        self.instant = instant
        self.sleep = sleep
        self.patience = patience
        self.chance = chance
    }

    /// The current time on the wall clock and on the monotonic clock.
    var now: ClockReading { ClockReading(date: date(), instant: instant()) }
}

/// One point in time, measured on the wall clock and on the monotonic clock.
struct ClockReading: Sendable, Hashable {
    /// The time of the wall clock. Somebody may set the wall clock at any time.
    let date: NumericDate
    /// The monotonic clock.
    let instant: ContinuousClock.Instant
}
