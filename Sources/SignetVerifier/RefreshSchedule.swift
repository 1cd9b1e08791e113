/// Decides when to fetch a document and how long the last good one may be used.
///
/// Keys and status lists share these rules:
/// - A refresh is due after a part of the lifetime, before the document expires.
/// - After a failure the next attempt waits. The pause doubles with every failure in a row, up to a cooldown.
/// - An expired document may still be used during an outage, for a bounded time.
///
/// The schedule is a value without clock or I/O. Its owner reports every attempt and how the attempt ended.
struct RefreshSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The durations that a schedule follows.
    struct Policy: Sendable {
        /// The part of the lifetime after which a refresh is due: more than 0, at most 1.
        var refreshAhead: Double
        /// The pause after the first failure; every further failure in a row doubles it, up to ``cooldown``.
        var firstRetry: Duration
        /// The longest pause between two attempts.
        var cooldown: Duration
        /// The time after which the owner gives up one fetch.
        var fetchTimeout: Duration
        /// How long an expired document may be used while fetches fail.
        var outageWindow: Duration
        /// Whether an attempt waits for the whole ``cooldown`` while the document may still be used.
        var waitsForCooldownWhileUsable: Bool
    }

    /// The last failure since the last success.
    struct Failure: Sendable {
        /// For the operator.
        var reason: String
        /// How many attempts have failed in a row.
        var count: Int
    }

    private let policy: Policy
    private var validity: (refreshAt: Instant, freshUntil: Instant)?
    /// When the last attempt started; `nil` before the first.
    private(set) var lastAttemptAt: Instant?
    /// `nil` after a success and before the first failure.
    private(set) var failure: Failure?

    init(_ policy: Policy) { self.policy = policy }

    // MARK: Questions

    /// Whether the document may be used at `now`: before its lifetime ends, or within the outage window if fetches fail.
    func isUsable(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now < validity.freshUntil || (isOutage(at: now) && now < validity.freshUntil + policy.outageWindow)
    }

    /// Whether a usable document should be refreshed at `now`.
    func isRefreshDue(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now >= validity.refreshAt && mayAttempt(at: now)
    }

    /// Whether the pause after the last failure is over at `now`.
    func mayAttempt(at now: Instant) -> Bool { now >= earliestAttempt(at: now) }

    /// Whether a cooldown has passed since the last attempt, failed or not.
    func hasCooledDown(at now: Instant) -> Bool { lastAttemptAt.map { now >= $0 + policy.cooldown } ?? true }

    /// The time until the next attempt may start, at least 1 second: the value for `Retry-After`.
    func retryAfter(at now: Instant) -> Duration { max(now.duration(to: earliestAttempt(at: now)), .seconds(1)) }

    // MARK: Reports

    /// An attempt starts.
    mutating func attemptStarted(at now: Instant) { lastAttemptAt = now }

    /// An attempt gave a document that may be used for `lifetime`, counted from `start`.
    mutating func attemptSucceeded(lifetime: Duration, from start: Instant) {
        failure = nil
        validity = (start + lifetime * policy.refreshAhead, start + lifetime)
    }

    /// An attempt gave no document. The last good one stays in use as ``isUsable(at:)`` says.
    mutating func attemptFailed(_ reason: String) {
        failure = Failure(reason: reason, count: (failure?.count ?? 0) + 1)
    }

    /// The last good document must not be used any more.
    mutating func documentWithdrawn() { validity = nil }

    // MARK: Rules

    /// Whether the last attempt failed a short time ago.
    ///
    /// An older failure does not count: no caller has asked since. The next caller waits for a new attempt instead of
    /// using a document that may be withdrawn.
    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        // While callers ask, attempts follow each other within one cooldown, and an attempt takes two fetches at most. Twice
        // both leaves room for a slow machine.
        return now < lastAttemptAt + (policy.cooldown + policy.fetchTimeout) * 2
    }

    private func earliestAttempt(at now: Instant) -> Instant {
        guard let failure, let lastAttemptAt else { return now }
        if policy.waitsForCooldownWhileUsable, isUsable(at: now) { return lastAttemptAt + policy.cooldown }
        // The exponent is bounded so that the shift cannot overflow.
        let doubled = policy.firstRetry * (1 << min(failure.count - 1, 16))
        return lastAttemptAt + min(doubled, policy.cooldown)
    }
}
