/// When to try again after no answer or a busy one.
struct RetrySchedule: Sendable, Hashable {
    /// Beyond this a caller should rather hear of it than wait: 30 s.
    static let longestWait = Duration.seconds(30)
    /// How long one exchange may take in all, repeats and waits included: 75 s. Whoever holds the lock of a token file
    /// meanwhile lets go of it before the others give up.
    static let longestExchange = Duration.seconds(75)
    /// A request that had less time is not worth sending: 1 s.
    static let shortestTry = Duration.seconds(1)

    /// Tries in all.
    let maximumAttempts: Int

    /// How long to wait after the try number `attempt`, counted from 1; `nil` to give up.
    ///
    /// A quarter of a second at first, doubled each time up to 8 s; a part of it is left to chance, so that clients
    /// that failed together do not come back together. `Retry-After` is kept to, unless it asks for over 30 s. There is
    /// no further try when the exchange would be over before it could be answered.
    /// - Parameters:
    ///   - left: The rest of ``longestExchange``.
    ///   - chance: 0 … 1.
    func delay(afterAttempt attempt: Int, retryAfter: Int?, left: Duration, chance: Double) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        let step = min(0.25 * Double(1 << min(attempt - 1, 5)), 8)
        let usual = Duration.seconds(step * (0.5 + 0.5 * chance))
        let asked = Duration.seconds(max(0, retryAfter ?? 0))
        let delay = max(asked, usual)
        return asked > Self.longestWait || delay + Self.shortestTry > left ? nil : delay
    }
}
