/// Decides when to fetch a document and how long the last fetched document may be used.
///
/// JWKS documents and status lists share these rules:
/// - A refresh is due after a part of the document's lifetime, before the document expires.
/// - After a failed fetch, the next attempt waits. The pause doubles with every failure in a row, up to a limit (the
///   cooldown).
/// - During an outage an expired document may still be used for a limited time.
///
/// The schedule is a value without clock or I/O. Its owner reports the start and the result of every attempt.
struct RefreshSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The durations that a schedule follows.
    struct Policy: Sendable {
        /// The part of the lifetime after which a refresh is due: more than 0, at most 1.
        var refreshAhead: Double
        /// The pause after the first failure. Every further failure in a row doubles the pause, up to ``cooldown``.
        var firstRetry: Duration
        /// The longest pause between two attempts.
        var cooldown: Duration
        /// The time limit of one fetch. After this time the owner of the schedule reports a failure.
        var fetchTimeout: Duration
        /// How long an expired document may be used while fetches fail.
        var outageWindow: Duration
        /// `true`: after a failure, the next attempt waits for the whole ``cooldown`` while the document is usable.
        /// `false`: the pause is ``firstRetry`` after the first failure, and longer after further failures.
        var waitsForCooldownWhileUsable: Bool
    }

    /// The most recent failed attempt since the last successful one.
    struct Failure: Sendable {
        /// A text for the operator: why the attempt failed.
        var reason: String
        /// How many attempts have failed in a row.
        var count: Int
        /// The end of the attempt.
        var at: Instant
        /// Whether the answer contradicts the configuration; see ``SourceState/Failure/isContradiction``.
        var isContradiction: Bool
    }

    private let policy: Policy
    private var validity: (refreshAt: Instant, freshUntil: Instant)?
    /// The start of the last attempt; `nil` before the first attempt.
    private(set) var lastAttemptAt: Instant?
    /// The last failed attempt; `nil` after a success and before the first failure.
    private(set) var failure: Failure?
    /// The last failed attempt, even if a later one succeeded; `nil` if none has failed.
    private var lastFailure: Failure?
    /// The end of the last successful attempt; `nil` before the first one.
    private var lastSuccessAt: Instant?

    init(_ policy: Policy) { self.policy = policy }

    // MARK: Questions

    /// Whether the document may be used at `now`: before its lifetime ends, or within the outage window if fetches
    /// fail.
    func isUsable(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now < validity.freshUntil || (isOutage(at: now) && now < validity.freshUntil + policy.outageWindow)
    }

    /// Whether a usable document should be refreshed at `now`.
    func isRefreshDue(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now >= validity.refreshAt && mayAttempt(at: now)
    }

    /// Whether the pause after the last failure is over at `now`; `true` if the last attempt did not fail.
    func mayAttempt(at now: Instant) -> Bool { now >= earliestAttempt(at: now) }

    /// Whether at least one cooldown has passed since the last attempt started. `true` before the first attempt.
    func hasCooledDown(at now: Instant) -> Bool { lastAttemptAt.map { now >= $0 + policy.cooldown } ?? true }

    /// The time until the next attempt may start, at least 1 second: the value for `Retry-After`.
    func retryAfter(at now: Instant) -> Duration { max(now.duration(to: earliestAttempt(at: now)), .seconds(1)) }

    /// The state for an operator.
    func state(of kind: SourceState.Kind, at location: String, now: Instant) -> SourceState {
        let next =
            if failure != nil {
                earliestAttempt(at: now)
            } else {
                validity?.refreshAt ?? now
            }
        return SourceState(
            kind: kind, location: location, isUsable: isUsable(at: now), age: lastSuccessAt?.duration(to: now),
            lastFailure: lastFailure.map {
                .init(reason: $0.reason, age: $0.at.duration(to: now), isContradiction: $0.isContradiction)
            }, failuresInARow: failure?.count ?? 0, untilNextAttempt: max(now.duration(to: next), .zero),
            untilNextKeySearch: kind == .keys
                ? lastAttemptAt.map { max(now.duration(to: $0 + policy.cooldown), .zero) } ?? .zero : nil)
    }

    // MARK: Reports

    /// Records that an attempt to fetch the document starts.
    mutating func attemptStarted(at now: Instant) { lastAttemptAt = now }

    /// Records that an attempt returned a document, which may be used for `lifetime`, counted from `start`.
    mutating func attemptSucceeded(lifetime: Duration, from start: Instant) {
        failure = nil
        lastSuccessAt = start
        validity = (start + lifetime * policy.refreshAhead, start + lifetime)
    }

    /// Records that an attempt returned no document. ``isUsable(at:)`` says whether the previous document may still be
    /// used.
    mutating func attemptFailed(_ reason: String, at now: Instant, isContradiction: Bool = false) {
        failure = Failure(
            reason: reason, count: (failure?.count ?? 0) + 1, at: now, isContradiction: isContradiction)
        lastFailure = failure
    }

    /// Records that the previous document must not be used any more.
    mutating func documentWithdrawn() { validity = nil }

    // MARK: Rules

    /// Whether the last attempt failed a short time ago.
    ///
    /// An older failure does not count, because no caller has asked since then. The next caller waits for a new attempt
    /// and does not use a document that may be withdrawn.
    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        // While callers ask, the next attempt starts within one cooldown and takes at most three fetches: two places of
        // metadata, and the keys. The second cooldown allows for a slow machine.
        return now < lastAttemptAt + policy.cooldown * 2 + policy.fetchTimeout * 3
    }

    private func earliestAttempt(at now: Instant) -> Instant {
        guard let failure, let lastAttemptAt else { return now }
        if policy.waitsForCooldownWhileUsable, isUsable(at: now) { return lastAttemptAt + policy.cooldown }
        // The exponent is at most 16, so the shift cannot overflow.
        let doubled = policy.firstRetry * (1 << min(failure.count - 1, 16))
        return lastAttemptAt + min(doubled, policy.cooldown)
    }
}
