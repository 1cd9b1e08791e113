/// What a ``RemoteKeySource`` knows and decides, without doing any I/O: calls in, one fetch to start out.
///
/// The owner starts every ``Fetch`` that a method returns and reports its end with ``ended(_:with:at:)``. At most one
/// fetch is under way. Time only comes in through `now`, and never runs backwards.
struct RemoteKeyMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// One request to send.
    struct Fetch: Sendable, Hashable {
        enum Document: Sendable, Hashable {
            /// The issuer's metadata at `url`.
            case metadata(url: String)
            /// The JWKS at `url`; `entityTag` is that of the keys at hand.
            case keys(url: String, entityTag: String?)
        }

        let document: Document
        /// The attempt that the fetch belongs to; one attempt is one fetch, or two when metadata comes first.
        let attempt: UInt64
    }

    /// How a fetch ended.
    enum Outcome: Sendable {
        case metadata(keysURL: String, lifetime: Duration)
        case keys(KeySet, entityTag: String?, lifetime: Duration)
        case notModified(lifetime: Duration)
        /// There was no usable answer: nobody knows more than before.
        case failed(reason: String)
        /// The metadata is there, and is not that of the issuer or names no acceptable place for the keys.
        case contradicted(reason: String)
        /// The issuer's document is a JWK set and holds no usable key: it has withdrawn them all.
        case withdrawn(reason: String)
    }

    /// What a caller needs.
    enum Need: Sendable, Hashable {
        case anyKeys
        /// A key with this `kid`.
        case key(String)
        /// Other keys than those of this set, none of which signed a token that names no key.
        case keysOtherThan(serialNumber: UInt64)

        func isMet(by keys: KeySet) -> Bool {
            switch self {
            case .anyKeys: true
            case .key(let keyID): keys.contains(keyID)
            case .keysOtherThan(let serialNumber): keys.serialNumber != serialNumber
            }
        }
    }

    /// What a caller is told.
    enum Answer: Sendable {
        case serve(KeySet)
        /// A fetch that may help is under way; ask ``answerAfterwards(for:at:)`` when the attempt has ended.
        case wait(attempt: UInt64)
        case refuse(VerificationError)
    }

    private struct Known: Sendable {
        var keys: KeySet
        var entityTag: String?
        var refreshAt: Instant
        var freshUntil: Instant
    }

    private struct Failure: Sendable {
        var reason: String
        /// How many attempts have failed in a row.
        var count: Int
    }

    private let configuration: RemoteKeyConfiguration
    /// `nil` when the JWKS URL was given and nothing has to be discovered.
    private let metadataURL: String?
    private var keysURL: String?
    /// Until when the metadata may be used that named ``keysURL``; `nil` before there was any.
    private var keysURLFreshUntil: Instant?
    /// Whether the metadata is to be asked before the next keys, fresh or not.
    private var isKeysURLInDoubt = false
    private var known: Known?
    private var underWay: Fetch?
    private var lastAttemptAt: Instant?
    private var attempts: UInt64 = 0
    /// The failures since the last success; `nil` after a success.
    private var failure: Failure?

    init(location: RemoteKeyLocation, configuration: RemoteKeyConfiguration) {
        self.configuration = configuration
        switch location {
        case .keys(let url):
            metadataURL = nil
            keysURL = url
        case .issuer(_, let url):
            metadataURL = url
        }
    }

    /// The keys that may be used at once, and the fetch to start in the background, if it is time for one.
    ///
    /// Past their lifetime keys are only at hand while the issuer cannot be reached, for the outage window.
    mutating func keysAtHand(at now: Instant) -> (keys: KeySet?, fetch: Fetch?) {
        guard let known, isUsable(known, at: now) else { return (nil, nil) }
        guard now >= known.refreshAt, mayRefresh(at: now) else { return (known.keys, nil) }
        return (known.keys, begin(at: now))
    }

    /// The answer to a caller for whom the keys at hand were not enough.
    ///
    /// What a token demands that the keys at hand do not have is looked for once per cooldown at the most.
    mutating func keys(for need: Need, at now: Instant) -> (answer: Answer, fetch: Fetch?) {
        if let known, isUsable(known, at: now), need.isMet(by: known.keys) {
            return (.serve(known.keys), nil)
        }
        if let underWay { return (.wait(attempt: underWay.attempt), nil) }
        let usable = known.flatMap { isUsable($0, at: now) ? $0.keys : nil }
        let mayFetch = usable == nil ? mayRefresh(at: now) : hasCooledDown(at: now)
        if mayFetch {
            let fetch = begin(at: now)
            return (.wait(attempt: fetch.attempt), fetch)
        }
        return (settled(for: need, at: now), nil)
    }

    /// The answer to a caller that waited for an attempt which has ended.
    func answerAfterwards(for need: Need, at now: Instant) -> Answer { settled(for: need, at: now) }

    /// Takes in how `fetch` ended.
    ///
    /// - Returns: The fetch that continues the attempt, and whether the attempt is over.
    mutating func ended(_ fetch: Fetch, with outcome: Outcome, at now: Instant) -> (next: Fetch?, isOver: Bool) {
        guard fetch == underWay else { return (nil, false) }
        switch (fetch.document, outcome) {
        case (.metadata, .metadata(let url, let lifetime)):
            if url != keysURL { known?.entityTag = nil }
            keysURL = url
            keysURLFreshUntil = now + lifetime
            isKeysURLInDoubt = false
            return (proceedToKeys(attempt: fetch.attempt), false)
        case (.metadata, .contradicted(let reason)):
            // Somebody else answers there, or the issuer takes back what it said: the last known place is no longer its.
            keysURL = nil
            fail(.failed(reason: reason))
        case (.metadata, let outcome):
            // Good keys must not be lost to a metadata document that is down: the last known place serves as long as
            // keys would.
            if let keysURLFreshUntil, keysURL != nil, now < keysURLFreshUntil + configuration.outageWindow {
                return (proceedToKeys(attempt: fetch.attempt), false)
            }
            fail(outcome)
        case (.keys, .keys(let keys, let entityTag, let lifetime)):
            succeed(keys, entityTag: entityTag, lifetime: lifetime, at: now)
        case (.keys(_, .some), .notModified(let lifetime)):
            if let known { succeed(known.keys, entityTag: known.entityTag, lifetime: lifetime, at: now) }
        case (.keys, .withdrawn(let reason)):
            known = nil
            fail(.failed(reason: reason))
        case (.keys, let outcome):
            fail(outcome)
        }
        underWay = nil
        return (nil, true)
    }

    /// Whether `attempt` has not ended yet.
    func isUnderWay(_ attempt: UInt64) -> Bool { underWay?.attempt == attempt }

    // MARK: Decisions

    private func isUsable(_ known: Known, at now: Instant) -> Bool {
        now < known.freshUntil || (isOutage(at: now) && now < known.freshUntil + configuration.outageWindow)
    }

    /// Whether the issuer could not be reached a moment ago. A failure of long ago says nothing: since then nobody
    /// asked, and whoever asks now waits for an attempt instead of being served keys that may be withdrawn.
    private func isOutage(at now: Instant) -> Bool {
        guard failure != nil, let lastAttemptAt else { return false }
        // The next attempt starts within a cooldown where tokens come in, and takes two fetches at the most.
        return now < lastAttemptAt + (configuration.cooldown + configuration.fetchTimeout) * 2
    }

    /// Whether a refresh that time demands may start: not while one is under way, not right after a failure.
    private func mayRefresh(at now: Instant) -> Bool { underWay == nil && now >= earliestRefresh(at: now) }

    /// Whether a fetch that a token demands may start.
    private func hasCooledDown(at now: Instant) -> Bool {
        underWay == nil && lastAttemptAt.map { now >= $0 + configuration.cooldown } ?? true
    }

    private func earliestRefresh(at now: Instant) -> Instant {
        guard let failure, let lastAttemptAt else { return now }
        if let known, isUsable(known, at: now) { return lastAttemptAt + configuration.cooldown }
        let doubled = configuration.firstRetry * (1 << min(failure.count - 1, 16))
        return lastAttemptAt + min(doubled, configuration.cooldown)
    }

    private func settled(for need: Need, at now: Instant) -> Answer {
        guard let known, isUsable(known, at: now) else {
            return .refuse(unavailable(failure?.reason ?? "no keys have been fetched", at: now))
        }
        // After a failed attempt nobody knows whether the issuer has the key by now: that is no fault of the token.
        if let failure, !need.isMet(by: known.keys) {
            return .refuse(unavailable(failure.reason, at: now))
        }
        return .serve(known.keys)
    }

    private func unavailable(_ reason: String, at now: Instant) -> VerificationError {
        VerificationError(
            .keysUnavailable, "the issuer's keys cannot be had: \(reason)",
            retryAfter: max(now.duration(to: earliestRefresh(at: now)), .seconds(1)))
    }

    // MARK: Changes

    private mutating func begin(at now: Instant) -> Fetch {
        attempts += 1
        lastAttemptAt = now
        let fetch =
            if let metadataURL, isKeysURLInDoubt || (keysURLFreshUntil.map { now >= $0 } ?? true) {
                Fetch(document: .metadata(url: metadataURL), attempt: attempts)
            } else {
                keysFetch(attempt: attempts)
            }
        underWay = fetch
        return fetch
    }

    private mutating func proceedToKeys(attempt: UInt64) -> Fetch {
        let fetch = keysFetch(attempt: attempt)
        underWay = fetch
        return fetch
    }

    private func keysFetch(attempt: UInt64) -> Fetch {
        Fetch(document: .keys(url: keysURL ?? "", entityTag: known?.entityTag), attempt: attempt)
    }

    private mutating func succeed(_ keys: KeySet, entityTag: String?, lifetime: Duration, at now: Instant) {
        failure = nil
        known = Known(
            keys: keys, entityTag: entityTag, refreshAt: now + lifetime * configuration.refreshAhead,
            freshUntil: now + lifetime)
    }

    private mutating func fail(_ outcome: Outcome) {
        let reason = if case .failed(let reason) = outcome { reason } else { "the answer fits no question" }
        failure = Failure(reason: reason, count: (failure?.count ?? 0) + 1)
        // The keys may have moved: the next attempt asks the metadata again.
        isKeysURLInDoubt = true
    }

    /// The keys of the last success, whatever their age: what a new document is compared with.
    var lastKeys: KeySet? { known?.keys }
}
