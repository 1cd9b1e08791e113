/// Computes the wait before a request is repeated: exponential back-off with jitter.
struct RetrySchedule: Sendable, Hashable {
    /// A longer `Retry-After` ends the exchange, so that the caller learns of it.
    static let longestWait = Duration.seconds(30)
    /// The time limit of one exchange, repeats and waits included. It is shorter than the time that other processes wait for
    /// the token file's lock.
    static let longestExchange = Duration.seconds(75)
    /// No request is sent with less time left than this.
    static let shortestTry = Duration.seconds(1)

    /// Attempts in all.
    let maximumAttempts: Int

    /// The wait after attempt number `attempt`, counted from 1; `nil` to give up.
    ///
    /// The wait starts at 0.25 s and doubles up to 8 s. Half of it is random, so that clients that failed together do not
    /// return together. A `Retry-After` of up to 30 s is the minimum. There is no further attempt if the exchange would end
    /// before its response.
    /// - Parameters:
    ///   - left: the rest of ``longestExchange``.
    ///   - chance: a random number, 0 … 1.
    func delay(afterAttempt attempt: Int, retryAfter: Int?, left: Duration, chance: Double) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        let step = min(0.25 * Double(1 << min(attempt - 1, 5)), 8)
        let usual = Duration.seconds(step * (0.5 + 0.5 * chance))
        let asked = Duration.seconds(max(0, retryAfter ?? 0))
        let delay = max(asked, usual)
        return asked > Self.longestWait || delay + Self.shortestTry > left ? nil : delay
    }
}
