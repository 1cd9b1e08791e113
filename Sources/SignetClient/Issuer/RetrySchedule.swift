/// When to try again after no answer or a busy one.
struct RetrySchedule: Sendable, Hashable {
    /// Beyond this a caller should rather hear of it than wait: 30 s.
    static let longestWait = Duration.seconds(30)

    /// Tries in all.
    let maximumAttempts: Int

    /// How long to wait after the try number `attempt`, counted from 1; `nil` to give up.
    ///
    /// A quarter of a second at first, doubled each time up to 8 s; a part of it is left to chance, so that clients
    /// that failed together do not come back together. `Retry-After` is kept to, unless it asks for over 30 s.
    /// - Parameter chance: 0 … 1.
    func delay(afterAttempt attempt: Int, retryAfter: Int?, chance: Double) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        let step = min(0.25 * Double(1 << min(attempt - 1, 5)), 8)
        let usual = Duration.seconds(step * (0.5 + 0.5 * chance))
        guard let retryAfter else { return usual }
        let asked = Duration.seconds(max(0, retryAfter))
        return asked > Self.longestWait ? nil : max(asked, usual)
    }
}
