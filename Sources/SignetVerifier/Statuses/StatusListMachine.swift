import StatusList

/// What a ``StatusListSource`` knows of one list and decides, without doing any I/O: calls in, a fetch to start out.
///
/// The owner starts a fetch whenever a method says so and reports its end with ``ended(with:at:)``. At most one is under
/// way. `now` never runs backwards; `date` is the wall clock in seconds, which a list's `exp` goes by.
struct StatusListMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How a fetch ended.
    enum Outcome: Sendable {
        case list(StatusListToken, entityTag: String?, lifetime: Duration)
        case notModified(lifetime: Duration)
        case failed(reason: String)
    }

    /// What a caller is told.
    enum Answer: Sendable {
        case serve(StatusList)
        /// Ask ``answerAfterwards(at:date:)`` when the fetch that is under way has ended.
        case wait
        case refuse(VerificationError)
    }

    private struct Known: Sendable {
        var token: StatusListToken
        var entityTag: String?
        var refreshAt: Instant
        var freshUntil: Instant
    }

    private let configuration: StatusListConfiguration
    private var known: Known?
    private var isUnderWay = false
    private var lastAttemptAt: Instant?
    private var failure: (reason: String, count: Int)?
    /// When the list was last asked for.
    private(set) var lastUsedAt: Instant

    init(configuration: StatusListConfiguration, at now: Instant) {
        self.configuration = configuration
        lastUsedAt = now
    }

    /// The tag of the list at hand, to ask whether it has changed.
    var entityTag: String? { known?.entityTag }

    /// The answer to a caller, and whether to start a fetch.
    mutating func ask(at now: Instant, date: Double) -> (answer: Answer, startsFetch: Bool) {
        lastUsedAt = now
        if let known, isUsable(known, at: now, date: date) {
            guard now >= known.refreshAt, mayFetch(at: now) else { return (.serve(known.token.list), false) }
            begin(at: now)
            return (.serve(known.token.list), true)
        }
        if isUnderWay { return (.wait, false) }
        guard mayFetch(at: now) else { return (.refuse(unavailable(at: now)), false) }
        begin(at: now)
        return (.wait, true)
    }

    /// The answer to a caller that waited for a fetch which has ended. A list that has just come serves, however short
    /// its life.
    func answerAfterwards(at now: Instant, date: Double) -> Answer {
        guard let known, date < known.token.expiresAt, failure == nil || isUsable(known, at: now, date: date) else {
            return .refuse(unavailable(at: now))
        }
        return .serve(known.token.list)
    }

    /// Takes in how the fetch that was under way ended.
    mutating func ended(with outcome: Outcome, at now: Instant) {
        isUnderWay = false
        switch outcome {
        case .list(let token, let entityTag, let lifetime):
            succeed(token, entityTag: entityTag, lifetime: lifetime, at: now)
        case .notModified(let lifetime):
            guard let known else { return fail("there is nothing that could be unchanged") }
            succeed(known.token, entityTag: known.entityTag, lifetime: lifetime, at: now)
        case .failed(let reason):
            fail(reason)
        }
    }

    /// The list past its lifetime serves only while it could not be fetched a moment ago, and never past its `exp`.
    private func isUsable(_ known: Known, at now: Instant, date: Double) -> Bool {
        guard date < known.token.expiresAt else { return false }
        return now < known.freshUntil || (isOutage(at: now) && now < known.freshUntil + configuration.outageWindow)
    }

    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        return now < lastAttemptAt + (configuration.cooldown + configuration.fetchTimeout) * 2
    }

    private func mayFetch(at now: Instant) -> Bool { !isUnderWay && now >= earliestFetch(at: now) }

    private func earliestFetch(at now: Instant) -> Instant {
        guard let failure, let lastAttemptAt else { return now }
        return lastAttemptAt + min(configuration.firstRetry * (1 << min(failure.count - 1, 16)), configuration.cooldown)
    }

    private func unavailable(at now: Instant) -> VerificationError {
        VerificationError(
            .statusUnavailable, "the status list cannot be had: \(failure?.reason ?? "it has not been fetched")",
            retryAfter: max(now.duration(to: earliestFetch(at: now)), .seconds(1)))
    }

    private mutating func begin(at now: Instant) {
        isUnderWay = true
        lastAttemptAt = now
    }

    private mutating func succeed(
        _ token: StatusListToken, entityTag: String?, lifetime: Duration, at now: Instant
    ) {
        failure = nil
        let lifetime = min(lifetime, max(token.timeToLive ?? lifetime, configuration.minimumLifetime))
        // Counted from the request: how long the answer was on its way is not known.
        let start = lastAttemptAt ?? now
        known = Known(
            token: token, entityTag: entityTag, refreshAt: start + lifetime * configuration.refreshAhead,
            freshUntil: start + lifetime)
    }

    private mutating func fail(_ reason: String) {
        failure = (reason, (failure?.count ?? 0) + 1)
    }
}
