import StatusList

/// The state and the decisions of a ``StatusListSource`` for one status list, without I/O.
///
/// If ``ask(at:date:)`` says so, the owner, a ``StatusListSource``, starts a fetch. When the fetch has ended, the owner
/// calls ``ended(with:at:)``. At most one fetch is under way. The parameter `now` never goes back. The parameter `date`
/// is the wall clock in seconds since 1970, to compare with the list's `exp`.
struct StatusListMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The result of a fetch of the status list.
    enum FetchResult: Sendable {
        case list(StatusListToken, entityTag: String?, lifetime: Duration)
        case notModified(lifetime: Duration)
        case failed(reason: String)
    }

    /// The answer to a caller that needs the status list.
    enum Answer: Sendable {
        case serve(StatusList)
        /// A fetch is under way. The caller must wait for its end and then call ``answerAfterwards(at:date:)``.
        case wait
        case refuse(VerificationError)
    }

    private struct Known: Sendable {
        var token: StatusListToken
        var entityTag: String?
    }

    private let configuration: StatusListConfiguration
    private var known: Known?
    private var schedule: RefreshSchedule
    private var isUnderWay = false
    /// The last time at which a caller asked for the list.
    private(set) var lastUsedAt: Instant

    init(configuration: StatusListConfiguration, at now: Instant) {
        self.configuration = configuration
        schedule = RefreshSchedule(configuration.refreshPolicy)
        lastUsedAt = now
    }

    /// The entity tag of the current list, for a conditional request; `nil` if there is no list or it has no tag.
    var entityTag: String? { known?.entityTag }

    /// Answers a caller that needs the status list. If `startsFetch` is `true`, the ``StatusListSource`` must fetch the
    /// list.
    mutating func ask(at now: Instant, date: Double) -> (answer: Answer, startsFetch: Bool) {
        lastUsedAt = now
        if let known, isUsable(known, at: now, date: date) {
            guard !isUnderWay, schedule.isRefreshDue(at: now) else { return (.serve(known.token.list), false) }
            begin(at: now)
            return (.serve(known.token.list), true)
        }
        if isUnderWay { return (.wait, false) }
        guard schedule.mayAttempt(at: now) else { return (.refuse(unavailable(at: now)), false) }
        begin(at: now)
        return (.wait, true)
    }

    /// Answers a caller that waited for a fetch, after the fetch has ended. Returns a list that the fetch brought even
    /// if the list's lifetime is already over: the lifetime counts from the start of the request.
    func answerAfterwards(at now: Instant, date: Double) -> Answer {
        guard let known, date < known.token.expiresAt, schedule.failure == nil || schedule.isUsable(at: now) else {
            return .refuse(unavailable(at: now))
        }
        return .serve(known.token.list)
    }

    /// Records the result of a fetch of the status list.
    mutating func ended(with result: FetchResult, at now: Instant) {
        isUnderWay = false
        switch result {
        case .list(let token, let entityTag, let lifetime):
            succeed(token, entityTag: entityTag, lifetime: lifetime, at: now)
        case .notModified(let lifetime):
            guard let known else {
                return schedule.attemptFailed("status list: found status 304, but no list was fetched before", at: now)
            }
            succeed(known.token, entityTag: known.entityTag, lifetime: lifetime, at: now)
        case .failed(let reason):
            schedule.attemptFailed(reason, at: now)
        }
    }

    /// The state of the list, for an operator. `uri` is the URL of the list.
    func state(of uri: String, at now: Instant) -> SourceState { schedule.state(of: .statusList, at: uri, now: now) }

    /// Whether the fetched list may be used: the list's `exp` has not been reached, and
    /// ``RefreshSchedule/isUsable(at:)`` is `true`.
    private func isUsable(_ known: Known, at now: Instant, date: Double) -> Bool {
        date < known.token.expiresAt && schedule.isUsable(at: now)
    }

    private func unavailable(at now: Instant) -> VerificationError {
        let pause = schedule.retryAfter(at: now)
        return VerificationError(
            .statusUnavailable,
            "the status list is not available: \(schedule.failure?.reason ?? "it has not been fetched"); "
                + "the next attempt may start in \(pause.wholeSeconds) s",
            retryAfter: pause)
    }

    private mutating func begin(at now: Instant) {
        isUnderWay = true
        schedule.attemptStarted(at: now)
    }

    private mutating func succeed(
        _ token: StatusListToken, entityTag: String?, lifetime: Duration, at now: Instant
    ) {
        let lifetime = min(lifetime, max(token.timeToLive ?? lifetime, configuration.minimumLifetime))
        known = Known(token: token, entityTag: entityTag)
        // The issuer may have made the list as soon as the request started. So count the lifetime from then.
        schedule.attemptSucceeded(lifetime: lifetime, from: schedule.lastAttemptAt ?? now)
    }
}
