import JOSE

/// The pause after a failed renewal of a token. During the pause no request is sent. Callers without a valid access
/// token get the error of the failed renewal at once.
struct RenewalPause: Sendable {
    /// The shortest pause. A longer `Retry-After` of the issuer makes the pause longer.
    static let usual = Duration.seconds(10)
    /// The longest pause, even if the issuer's `Retry-After` is longer.
    static let longest = Duration.seconds(300)

    private let failure: ClientError
    private let end: ContinuousClock.Instant

    /// Starts the pause after a renewal of a token failed with `failure` at `now`.
    init(after failure: ClientError, at now: ContinuousClock.Instant) {
        self.failure = failure
        end = now + min(max(.seconds(failure.retryAfter ?? 0), Self.usual), Self.longest)
    }

    /// The error for a caller at the time `now`, with the rest of the pause as `retryAfter`; `nil` if the pause is
    /// over.
    func error(at now: ContinuousClock.Instant) -> ClientError? {
        guard now < end else { return nil }
        let left = Int(now.duration(to: end).inSeconds.rounded(.up))
        return ClientError(
            failure.code, "\(failure.detail); the next attempt starts in \(left) s at the earliest", retryAfter: left)
    }
}
