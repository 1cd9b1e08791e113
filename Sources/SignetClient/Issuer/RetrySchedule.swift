/// Computes the wait before a request is repeated: exponential back-off with jitter.
struct RetrySchedule: Sendable, Hashable {
    /// The longest wait between two attempts. If the issuer's `Retry-After` is longer, the client gives up and the
    /// caller gets an error.
    static let longestWait = Duration.seconds(30)
    /// The time limit of one request with all its repeats and waits. During a refresh, this process holds the lock of
    /// the token file. The limit is shorter than the 90 s for which other processes wait for the lock by default.
    static let longestExchange = Duration.seconds(75)
    /// The shortest time for an attempt. If less time is left of ``longestExchange``, the client does not repeat the
    /// request.
    static let shortestTry = Duration.seconds(1)

    /// The largest number of attempts, including the first one.
    let maximumAttempts: Int

    /// The wait after attempt number `attempt`, counted from 1; `nil` if the client must give up.
    ///
    /// The wait starts at 0.25 s and doubles up to 8 s. Half of the wait is random, so that many clients do not retry
    /// at the same moment. A `Retry-After` of up to 30 s is the minimum wait. The client gives up if `Retry-After` is
    /// longer, or if less than ``shortestTry`` would be left after the wait.
    /// - Parameters:
    ///   - retryAfter: the `Retry-After` of the last response in seconds; `nil` if there was none.
    ///   - left: the time that is left of ``longestExchange``.
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
