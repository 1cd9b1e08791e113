import HTTPFetching
import SharedState

/// A key source that fetches the issuer's keys when needed and keeps them fresh.
///
/// - Keys stay in use for the lifetime that `Cache-Control` states, at least ``RemoteKeyConfiguration/minimumLifetime``
///   and at most ``RemoteKeyConfiguration/maximumLifetime``. A refresh starts in the background before the lifetime
///   ends.
/// - At most one fetch is under way. All callers that wait for keys share the fetch.
/// - A failed fetch never evicts keys. While fetches fail, expired keys stay in use for a limited time.
/// - Unknown key IDs, and tokens without `kid` that no key signed, cause at most one fetch per
///   ``RemoteKeyConfiguration/cooldown``.
/// - A JWK Set without usable keys withdraws all keys. Tokens then get `keysUnavailable` until keys are published.
/// - Redirects, oversized responses and unreadable responses count as failures.
///
/// No timer starts a fetch: if a refresh is due, the next caller that asks for keys starts it.
public final class RemoteKeySource: KeySource {
    private struct State {
        var machine: RemoteKeyMachine
        /// Callers wait for this result. It is settled when the current attempt to fetch keys ends or, if no attempt is
        /// under way, when the next one ends.
        var attemptEnd = SharedResult<Void>()
    }

    private let state: Guarded<State>
    private let location: RemoteKeyLocation
    private let configuration: RemoteKeyConfiguration
    private let fetch: BoundedFetch
    private let observer: (any VerifierObserver)?
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Creates a source that finds the keys through the issuer's metadata (RFC 8414). If the issuer has no such
    /// metadata, the source asks for the metadata of OpenID Connect Discovery.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier exactly as in the policy and the metadata, without a query.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The limits of lifetimes, retries and documents.
    ///   - observer: Receives the end of every attempt to fetch keys; `nil` for none.
    ///   - now: The monotonic clock for lifetimes and pauses.
    /// - Throws: ``ConfigurationError`` with `malformedURL` if `issuer` is not a URL without a query, `insecureURL` if
    ///   it is plain `http` to another machine and `configuration` does not allow that, `outOfRange` if a limit in
    ///   `configuration` is out of bounds.
    public convenience init(
        issuer: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init(),
        observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(ConfigurationError) {
        try self.init(
            location: .issuer(issuer, configuration: configuration), fetcher: fetcher,
            configuration: configuration, observer: observer, now: now)
    }

    /// Creates a source that fetches the keys from a known URL.
    ///
    /// - Parameters:
    ///   - jwksURL: The URL of the JWKS document: `https`, or plain `http` on this machine.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The limits of lifetimes, retries and documents.
    ///   - observer: Receives the end of every attempt to fetch keys; `nil` for none.
    ///   - now: The monotonic clock for lifetimes and pauses.
    /// - Throws: ``ConfigurationError`` with `malformedURL` if `jwksURL` is not a URL, `insecureURL` if it is plain
    ///   `http` to another machine and `configuration` does not allow that, `outOfRange` if a limit in `configuration`
    ///   is out of bounds.
    public convenience init(
        jwksURL: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init(),
        observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(ConfigurationError) {
        try self.init(
            location: .keys(jwksURL, configuration: configuration), fetcher: fetcher,
            configuration: configuration, observer: observer, now: now)
    }

    init(
        location: RemoteKeyLocation, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration,
        observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(ConfigurationError) {
        try configuration.validate()
        self.location = location
        self.configuration = configuration
        // Allow four requests at once: the current fetch, and up to three earlier fetches that timed out but still run.
        fetch = BoundedFetch(fetcher, maximumUnderWay: 4, sleep: sleep)
        self.observer = observer
        self.now = now
        state = Guarded(State(machine: RemoteKeyMachine(location: location, configuration: configuration)))
    }

    public func keysAtHand() -> KeySet? {
        let now = now()
        let (keys, fetch) = state.withLock { $0.machine.keysAtHand(at: now) }
        if let fetch { start(fetch) }
        return keys
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet {
        try await keys(for: keyID.map { .key($0) } ?? .anyKeys)
    }

    public func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet {
        try await keys(for: .keysOtherThan(serialNumber: tried.serialNumber))
    }

    /// The state of the keys, for an operator: last success, last failure and next attempt.
    public var sourceState: SourceState? {
        let now = now()
        return state.withLock { $0.machine.state(at: now) }
    }

    private func keys(for need: RemoteKeyMachine.Need) async throws(VerificationError) -> KeySet {
        let now = now()
        let (answer, fetch, attemptEnd) = state.withLock { state in
            let (answer, fetch) = state.machine.keys(for: need, at: now)
            return (answer, fetch, state.attemptEnd)
        }
        if let fetch { start(fetch) }
        switch answer {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait: return try await keys(for: need, after: attemptEnd)
        }
    }

    /// The largest number of callers that wait for one attempt to fetch keys. The limit bounds memory: each waiting
    /// caller holds a token, and an attacker can send many tokens.
    static let maximumWaiting = 1024

    private func keys(
        for need: RemoteKeyMachine.Need, after attemptEnd: SharedResult<Void>
    ) async throws(VerificationError) -> KeySet {
        guard attemptEnd.waitingCount < Self.maximumWaiting else {
            throw VerificationError(
                .keysUnavailable, "more than \(Self.maximumWaiting) callers wait for the issuer's keys",
                retryAfter: .seconds(1))
        }
        guard await attemptEnd.value() != nil, !Task.isCancelled else {
            throw VerificationError(.keysUnavailable, "the caller was cancelled while it waited for the issuer's keys")
        }
        let now = now()
        switch state.withLock({ $0.machine.answerAfterwards(for: need, at: now) }) {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait: throw VerificationError(.keysUnavailable, "the issuer's keys are still being fetched")
        }
    }

    // MARK: Fetching

    private func start(_ started: RemoteKeyMachine.Fetch) {
        let request = started.request(configuration)
        Task { [self] in
            let result: RemoteKeyMachine.FetchResult
            do throws(BoundedFetch.Fault) {
                let response = try await fetch(request)
                result = started.result(
                    response, location: location, configuration: configuration,
                    former: state.withLock { $0.machine.lastKeys })
            } catch {
                result = .failed(reason: "\(started.name): \(error.reason)")
            }
            end(started, with: result)
        }
    }

    private func end(_ ended: RemoteKeyMachine.Fetch, with result: RemoteKeyMachine.FetchResult) {
        let now = now()
        let (next, attemptEnd, report) = state.withLock { state in
            let failuresBefore = state.machine.state(at: now).failuresInARow
            let (next, isOver) = state.machine.ended(ended, with: result, at: now)
            guard isOver else { return (next, SharedResult<Void>?.none, FetchReport?.none) }
            let report = FetchReport(
                outcome: result.outcome, state: state.machine.state(at: now), failuresBefore: failuresBefore,
                keyIDs: state.machine.lastKeys?.keyIDs ?? [])
            defer { state.attemptEnd = SharedResult() }
            return (next, state.attemptEnd, report)
        }
        if let next { start(next) }
        if let report { observer?.fetchEnded(report) }
        attemptEnd?.settle(())
    }
}

extension RemoteKeyMachine.FetchResult {
    /// The outcome in the ``FetchReport`` about an attempt that ended with this result.
    fileprivate var outcome: FetchReport.Outcome {
        switch self {
        case .keys: .fetched
        case .notModified: .notModified
        case .metadata, .noMetadata, .failed, .contradicted, .withdrawn: .failed
        }
    }
}

extension RemoteKeySource: CustomReflectable {
    /// Shows the location of the keys and the key IDs of the last successful fetch.
    public var customMirror: Mirror {
        let keys = state.withLock { $0.machine.lastKeys }
        return Mirror(self, children: ["location": location, "keys": keys as Any], displayStyle: .class)
    }
}
