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

    /// The settings of a schedule.
    struct Policy: Sendable {
        /// The part of the document's lifetime after which a refresh is due: more than 0, at most 1.
        var refreshAhead: Double
        /// The pause after the first failed fetch. Every further failure in a row doubles the pause, up to
        /// ``cooldown``.
        var firstRetry: Duration
        /// The longest pause after a failed fetch, counted from the start of the attempt that failed.
        var cooldown: Duration
        /// The time limit of one fetch. After this time the owner of the schedule reports a failure.
        var fetchTimeout: Duration
        /// How long an expired document may be used while fetches fail.
        var outageWindow: Duration
        /// Selects the pause after a failed fetch while the last document may still be used. `true`: always
        /// ``cooldown``. `false`: ``firstRetry`` after the first failure, doubled with every further failure.
        var waitsForCooldownWhileUsable: Bool
    }

    /// A failed attempt to fetch the document.
    struct Failure: Sendable {
        /// A text for the operator: why the document could not be fetched.
        var reason: String
        /// How many attempts to fetch the document have failed in a row.
        var count: Int
    }

    private let policy: Policy
    private var validity: (refreshAt: Instant, freshUntil: Instant)?
    /// When the last attempt to fetch the document started; `nil` before the first attempt.
    private(set) var lastAttemptAt: Instant?
    /// The last failed attempt to fetch the document; `nil` if none has failed, or if a later attempt succeeded.
    private(set) var failure: Failure?

    init(_ policy: Policy) { self.policy = policy }

    // MARK: Questions

    /// Whether the fetched document may be used at `now`. After its lifetime it may be used for ``Policy/outageWindow``
    /// longer while fetches fail. `false` if there is no document.
    func isUsable(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now < validity.freshUntil || (isOutage(at: now) && now < validity.freshUntil + policy.outageWindow)
    }

    /// Whether the document should be fetched again at `now`: the part ``Policy/refreshAhead`` of its lifetime is over,
    /// and no pause after a failed fetch is in progress. `false` if there is no document.
    func isRefreshDue(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now >= validity.refreshAt && mayAttempt(at: now)
    }

    /// Whether the document may be fetched at `now`: the last fetch did not fail, or the pause after its failure is
    /// over.
    func mayAttempt(at now: Instant) -> Bool { now >= earliestAttempt(at: now) }

    /// Whether at least ``Policy/cooldown`` has passed since the last fetch started. `true` before the first fetch.
    func hasCooledDown(at now: Instant) -> Bool { lastAttemptAt.map { now >= $0 + policy.cooldown } ?? true }

    /// The time until the document may be fetched again, at least 1 second: the value for `Retry-After`.
    func retryAfter(at now: Instant) -> Duration { max(now.duration(to: earliestAttempt(at: now)), .seconds(1)) }

    // MARK: Reports

    /// Records that an attempt to fetch the document starts.
    mutating func attemptStarted(at now: Instant) { lastAttemptAt = now }

    /// Records that the document was fetched. It may be used for `lifetime`, counted from `start`.
    mutating func attemptSucceeded(lifetime: Duration, from start: Instant) {
        failure = nil
        validity = (start + lifetime * policy.refreshAhead, start + lifetime)
    }

    /// Records that an attempt to fetch the document failed. ``isUsable(at:)`` says whether the previous document may
    /// still be used.
    mutating func attemptFailed(_ reason: String) {
        failure = Failure(reason: reason, count: (failure?.count ?? 0) + 1)
    }

    /// Records that the previous document must not be used any more.
    mutating func documentWithdrawn() { validity = nil }

    // MARK: Rules

    /// Whether fetches fail at present: the last attempt to fetch the document failed, and it started less than 2 ×
    /// (``Policy/cooldown`` + ``Policy/fetchTimeout``) ago.
    ///
    /// An older failure does not count, because no caller has needed the document since then. The next caller waits for
    /// a new fetch, because the issuer may have withdrawn the old document in the meantime.
    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        // While callers need the document, an attempt to fetch it starts at least once per cooldown. The attempt takes
        // at most two fetches (metadata, then keys). The factor 2 allows for the second fetch and for a slow machine.
        return now < lastAttemptAt + (policy.cooldown + policy.fetchTimeout) * 2
    }

    private func earliestAttempt(at now: Instant) -> Instant {
        guard let failure, let lastAttemptAt else { return now }
        if policy.waitsForCooldownWhileUsable, isUsable(at: now) { return lastAttemptAt + policy.cooldown }
        // The exponent is at most 16, so the shift cannot overflow.
        let doubled = policy.firstRetry * (1 << min(failure.count - 1, 16))
        return lastAttemptAt + min(doubled, policy.cooldown)
    }
}
