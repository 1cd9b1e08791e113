/// Decides when to fetch a document and how long the last fetched document may be used.
///
/// JWKS documents and status lists share these rules:
/// - A refresh is due after a configured fraction of the document's lifetime, before the document expires.
/// - After a failed fetch there is a pause. The pause doubles with every failure in a row, up to a limit (the
///   cooldown).
/// - While fetches fail, an expired document may still be used for a limited time.
///
/// The schedule has no clock and does no I/O. Its owner passes the time and reports the start and the result of every
/// attempt.
struct RefreshSchedule: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The settings of a schedule.
    struct Policy: Sendable {
        /// The fraction of the document's lifetime after which a refresh is due: more than 0, at most 1.
        var refreshAhead: Double
        /// The pause after the first failed fetch. Every further failure in a row doubles the pause, up to
        /// ``cooldown``.
        var firstRetry: Duration
        /// The longest pause after a failed fetch, counted from the start of the attempt that failed.
        var cooldown: Duration
        /// The time limit of one fetch. After this time the owner of the schedule reports a failure.
        var fetchTimeout: Duration
        /// How long a document may be used past its lifetime while fetches fail.
        var outageWindow: Duration
        /// Whether the pause after a failed fetch is always ``cooldown`` while the last document may still be used. If
        /// `false`, the pause is ``firstRetry`` after the first failure and doubles with every further failure.
        var waitsForCooldownWhileUsable: Bool
    }

    /// A failed attempt to fetch the document.
    struct Failure: Sendable {
        /// A text for the operator: why the document could not be fetched.
        var reason: String
        /// How many attempts to fetch the document have failed in a row.
        var count: Int
        /// When the failed attempt ended.
        var at: Instant
        /// Whether the answer contradicts the configuration; see ``SourceState/Failure/isContradiction``.
        var isContradiction: Bool
    }

    private let policy: Policy
    private var validity: (refreshAt: Instant, freshUntil: Instant)?
    /// When the last attempt to fetch the document started; `nil` before the first attempt.
    private(set) var lastAttemptAt: Instant?
    /// The last failed attempt to fetch the document; `nil` if none has failed, or if a later attempt succeeded.
    private(set) var failure: Failure?
    /// The last failed attempt to fetch the document, even if a later attempt succeeded; `nil` if none has failed.
    private var lastFailure: Failure?
    /// When the lifetime of the last fetched document started; `nil` before the first success.
    private var lastSuccessAt: Instant?

    init(_ policy: Policy) { self.policy = policy }

    // MARK: Questions

    /// Whether the fetched document may be used at `now`: its lifetime has not ended, or fetches fail and its lifetime
    /// ended less than ``Policy/outageWindow`` ago. `false` if there is no document.
    func isUsable(at now: Instant) -> Bool {
        guard let validity else { return false }
        return now < validity.freshUntil || (isOutage(at: now) && now < validity.freshUntil + policy.outageWindow)
    }

    /// Whether the document should be fetched again at `now`: the fraction ``Policy/refreshAhead`` of its lifetime has
    /// passed, and no pause after a failed fetch is in progress. `false` if there is no document.
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

    /// The state of the document as shown to operators: its age, the last failure, the time until the next attempt.
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

    /// Records that the document was fetched. It may be used for `lifetime`, counted from `start`.
    mutating func attemptSucceeded(lifetime: Duration, from start: Instant) {
        failure = nil
        lastSuccessAt = start
        validity = (start + lifetime * policy.refreshAhead, start + lifetime)
    }

    /// Records that an attempt to fetch the document failed. The previous document may still be used as long as
    /// ``isUsable(at:)`` is `true`.
    /// - Parameter isContradiction: `true` if the issuer's answer contradicts the configuration, so that another
    ///   attempt does not help.
    mutating func attemptFailed(_ reason: String, at now: Instant, isContradiction: Bool = false) {
        failure = Failure(
            reason: reason, count: (failure?.count ?? 0) + 1, at: now, isContradiction: isContradiction)
        lastFailure = failure
    }

    /// Records that the issuer withdrew the last fetched document, which must not be used any more.
    mutating func documentWithdrawn() { validity = nil }

    // MARK: Rules

    /// Whether fetches fail at present: the last attempt to fetch the document failed, and it started less than 2 ×
    /// ``Policy/cooldown`` + 3 × ``Policy/fetchTimeout`` ago.
    ///
    /// An older failure does not count. No caller has needed the document since then, and the issuer may have withdrawn
    /// it, so the next caller waits for a new fetch.
    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        // While callers ask for the document, the next attempt starts at most one cooldown after the last one. An
        // attempt takes at most three fetches: metadata at two URLs, then the keys. The second cooldown is a reserve
        // for slow machines.
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
