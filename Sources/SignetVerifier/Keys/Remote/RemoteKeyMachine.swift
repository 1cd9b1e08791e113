// This file decides when to fetch keys over HTTP, how to handle a response, and which callers wait.

/// The state and the decisions of a ``RemoteKeySource``, without I/O.
///
/// The owner, a ``RemoteKeySource``, sends every ``Fetch`` that a method returns. When the fetch has ended, the owner
/// calls ``ended(_:with:at:)``. At most one fetch is under way. The parameter `now` is the only source of time and
/// never goes back.
struct RemoteKeyMachine: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// One request to send.
    struct Fetch: Sendable, Hashable {
        enum Document: Sendable, Hashable {
            /// The issuer's metadata at `url`.
            case metadata(url: String)
            /// The JWKS at `url`. `entityTag` is the entity tag of the current keys, for a conditional request.
            case keys(url: String, entityTag: String?)
        }

        let document: Document
        /// The number of the attempt to get keys that this fetch belongs to. If the URL of the keys is known, an
        /// attempt is one fetch. Otherwise the attempt fetches the metadata first, from at most two URLs.
        let attempt: UInt64
    }

    /// The result of a fetch.
    enum FetchResult: Sendable {
        case metadata(keysURL: String, lifetime: Duration)
        case keys(KeySet, entityTag: String?, lifetime: Duration)
        case notModified(lifetime: Duration)
        /// No usable response.
        case failed(reason: String)
        /// The issuer answered, but not with readable metadata.
        case noMetadata(reason: String)
        /// The metadata names another issuer or has no acceptable `jwks_uri`.
        case contradicted(reason: String)
        /// The issuer's JWK Set has no usable key: all keys are withdrawn.
        case withdrawn(reason: String)
    }

    /// The keys that a caller needs.
    enum Need: Sendable, Hashable {
        case anyKeys
        /// A key with this `kid`.
        case key(String)
        /// Any key set except the one with this serial number. A caller needs it for a token without `kid` if no key of
        /// the current set signed the token.
        case keysOtherThan(serialNumber: UInt64)

        func isMet(by keys: KeySet) -> Bool {
            switch self {
            case .anyKeys: true
            case .key(let keyID): keys.contains(keyID)
            case .keysOtherThan(let serialNumber): keys.serialNumber != serialNumber
            }
        }
    }

    /// The answer to a caller that needs keys.
    enum Answer: Sendable {
        case serve(KeySet)
        /// The caller must wait until attempt number `attempt` to fetch keys has ended, and then call
        /// ``answerAfterwards(for:at:)``.
        case wait(attempt: UInt64)
        case refuse(VerificationError)
    }

    private struct Known: Sendable {
        var keys: KeySet
        var entityTag: String?
    }

    private let configuration: RemoteKeyConfiguration
    /// The configured issuer identifier or URL of the keys, to show to operators.
    private let location: String
    /// The URLs to ask for the metadata, in this order: first the URL that had the metadata last time. Empty if the
    /// service configured the URL of the keys.
    private var metadataURLs: [String]
    /// Why the current or last attempt found no metadata at the first of ``metadataURLs``; `nil` if that URL has not
    /// failed in that attempt.
    private var firstDiscoveryFailure: String?
    private var keysURL: String?
    /// The time until which ``keysURL`` may be used without fetching the metadata again; `nil` before the first
    /// successful fetch of metadata.
    private var keysURLFreshUntil: Instant?
    /// Whether the next attempt must fetch the metadata first, even before ``keysURLFreshUntil``. `true` after a failed
    /// attempt, because the issuer may have moved the keys.
    private var isKeysURLInDoubt = false
    private var known: Known?
    private var schedule: RefreshSchedule
    private var underWay: Fetch?
    private var attempts: UInt64 = 0

    init(location: RemoteKeyLocation, configuration: RemoteKeyConfiguration) {
        self.configuration = configuration
        schedule = RefreshSchedule(configuration.refreshPolicy)
        switch location {
        case .keys(let url):
            self.location = url
            metadataURLs = []
            keysURL = url
        case .issuer(let issuer, let url, let alternative):
            self.location = issuer
            metadataURLs = [url, alternative]
        }
    }

    /// Returns the usable keys without waiting; `nil` if there are none. If `fetch` is not `nil`, a refresh is due, and
    /// the owner must start it in the background.
    ///
    /// Expired keys are usable only while fetches fail, for at most ``RemoteKeyConfiguration/outageWindow``.
    mutating func keysAtHand(at now: Instant) -> (keys: KeySet?, fetch: Fetch?) {
        guard let known, schedule.isUsable(at: now) else { return (nil, nil) }
        guard underWay == nil, schedule.isRefreshDue(at: now) else { return (known.keys, nil) }
        return (known.keys, begin(at: now))
    }

    /// Answers a caller that needs keys. If `fetch` is not `nil`, the owner must start it.
    ///
    /// If the current keys are usable but lack the needed key, at most one fetch starts per
    /// ``RemoteKeyConfiguration/cooldown``.
    mutating func keys(for need: Need, at now: Instant) -> (answer: Answer, fetch: Fetch?) {
        let usable = schedule.isUsable(at: now) ? known?.keys : nil
        if let usable, need.isMet(by: usable) { return (.serve(usable), nil) }
        if let underWay { return (.wait(attempt: underWay.attempt), nil) }
        guard usable == nil ? schedule.mayAttempt(at: now) : schedule.hasCooledDown(at: now) else {
            return (settled(for: need, at: now), nil)
        }
        let fetch = begin(at: now)
        return (.wait(attempt: fetch.attempt), fetch)
    }

    /// Answers a caller that waited for an attempt to fetch keys, after the attempt has ended.
    func answerAfterwards(for need: Need, at now: Instant) -> Answer { settled(for: need, at: now) }

    /// Records how `fetch` ended.
    ///
    /// - Returns: If the attempt to get keys needs another fetch, `next` is that fetch. `isOver` is `true` if the
    ///   attempt has ended.
    mutating func ended(_ fetch: Fetch, with result: FetchResult, at now: Instant) -> (next: Fetch?, isOver: Bool) {
        guard fetch == underWay else { return (nil, false) }
        switch (fetch.document, result) {
        case (.metadata(let metadataURL), .metadata(let url, let lifetime)):
            if metadataURL != metadataURLs.first { metadataURLs.reverse() }
            if url != keysURL { known?.entityTag = nil }
            keysURL = url
            keysURLFreshUntil = now + lifetime
            isKeysURLInDoubt = false
            return (proceedToKeys(attempt: fetch.attempt), false)
        case (.metadata, .contradicted(let reason)):
            // The metadata names another issuer or has no acceptable `jwks_uri`. So do not use the last known URL of
            // the keys any more.
            keysURL = nil
            fail(reason, at: now, isContradiction: true)
        case (.metadata, .noMetadata(let reason)) where firstDiscoveryFailure == nil && metadataURLs.count == 2:
            firstDiscoveryFailure = reason
            let next = Fetch(document: .metadata(url: metadataURLs[1]), attempt: fetch.attempt)
            underWay = next
            return (next, false)
        case (.metadata, let result):
            // The metadata could not be fetched. The last known URL of the keys stays in use for
            // ``RemoteKeyConfiguration/outageWindow`` past its lifetime.
            if let keysURLFreshUntil, keysURL != nil, now < keysURLFreshUntil + configuration.outageWindow {
                return (proceedToKeys(attempt: fetch.attempt), false)
            }
            fail(result, at: now)
        case (.keys, .keys(let keys, let entityTag, let lifetime)):
            succeed(keys, entityTag: entityTag, lifetime: lifetime, at: now)
        case (.keys(_, .some), .notModified(let lifetime)):
            if let known { succeed(known.keys, entityTag: known.entityTag, lifetime: lifetime, at: now) }
        case (.keys, .withdrawn(let reason)):
            known = nil
            schedule.documentWithdrawn()
            fail(reason, at: now)
        case (.keys, let result):
            fail(result, at: now)
        }
        underWay = nil
        return (nil, true)
    }

    // MARK: Decisions

    private func settled(for need: Need, at now: Instant) -> Answer {
        guard let known, schedule.isUsable(at: now) else {
            return .refuse(unavailable(schedule.failure, at: now))
        }
        // The needed key may be new: the issuer may have published it since the last successful fetch. So throw the
        // failure of the last attempt. An error about an unknown key could be wrong.
        if let failure = schedule.failure, !need.isMet(by: known.keys) {
            return .refuse(unavailable(failure, at: now))
        }
        return .serve(known.keys)
    }

    private func unavailable(_ failure: RefreshSchedule.Failure?, at now: Instant) -> VerificationError {
        let reason = failure?.reason ?? "no keys have been fetched"
        let pause = schedule.retryAfter(at: now)
        return VerificationError(
            failure?.isContradiction == true ? .issuerMismatch : .keysUnavailable,
            "the issuer's keys are not available: \(reason); the next attempt may start in \(pause.wholeSeconds) s",
            retryAfter: pause)
    }

    // MARK: Changes

    private mutating func begin(at now: Instant) -> Fetch {
        attempts += 1
        firstDiscoveryFailure = nil
        schedule.attemptStarted(at: now)
        let fetch =
            if let metadataURL = metadataURLs.first, isKeysURLInDoubt || (keysURLFreshUntil.map { now >= $0 } ?? true) {
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
        known = Known(keys: keys, entityTag: entityTag)
        schedule.attemptSucceeded(lifetime: lifetime, from: now)
    }

    private mutating func fail(_ result: FetchResult, at now: Instant) {
        switch result {
        case .failed(let reason): fail(reason, at: now)
        case .noMetadata(let reason):
            fail([firstDiscoveryFailure, reason].compactMap(\.self).joined(separator: "; "), at: now)
        default: fail("the response does not fit the request", at: now)
        }
    }

    private mutating func fail(_ reason: String, at now: Instant, isContradiction: Bool = false) {
        schedule.attemptFailed(reason, at: now, isContradiction: isContradiction)
        // The issuer may have moved the keys to another URL, so the next attempt fetches the metadata again.
        isKeysURLInDoubt = true
    }

    /// The state of the keys as shown to operators.
    func state(at now: Instant) -> SourceState { schedule.state(of: .keys, at: location, now: now) }

    /// The keys of the last successful fetch, even if they have expired; `nil` before the first success, or if the
    /// issuer withdrew all keys.
    var lastKeys: KeySet? { known?.keys }
}
