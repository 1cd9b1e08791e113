import HTTPFetching
import SharedState

/// The keys that an issuer publishes, fetched when needed and kept fresh.
///
/// Keys serve as long as `Cache-Control` says, within bounds; a refresh starts ahead of time in the background, at most
/// one fetch is under way, and all callers that need it share it. A failed fetch never evicts good keys: they serve on
/// for a bounded outage. An unknown `kid` causes at most one fetch per cooldown, whoever makes them up, and so does a token
/// without `kid` that none of the keys signed. Redirects, oversized and unreadable answers count as failures. A JWK set
/// without any usable key is none: it withdraws all keys at once, and until there are others every token is answered
/// with `keysUnavailable`. All bounds are in ``RemoteKeyConfiguration``.
///
/// Nothing is fetched before the first token comes, and nothing runs while no tokens come.
public final class RemoteKeySource: KeySource {
    private struct State {
        var machine: RemoteKeyMachine
        /// Callers that wait for an attempt to end, by a number of their own.
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var waiterCount: UInt64 = 0
    }

    private let state: Guarded<State>
    private let location: RemoteKeyLocation
    private let configuration: RemoteKeyConfiguration
    private let fetch: BoundedFetch
    private let now: @Sendable () -> ContinuousClock.Instant

    /// The keys of `issuer`, found through its metadata (RFC 8414).
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier, exactly as the policy and the metadata spell it, without query.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The bounds of lifetimes, attempts and answers.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL` or `outOfRange`.
    public convenience init(
        issuer: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            location: .issuer(issuer, configuration: configuration), fetcher: fetcher,
            configuration: configuration)
    }

    /// The keys at a URL that is known.
    ///
    /// - Parameters:
    ///   - jwksURL: Where the JWKS document is: `https`, or plain `http` on this machine.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The bounds of lifetimes, attempts and answers.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL` or `outOfRange`.
    public convenience init(
        jwksURL: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            location: .keys(jwksURL, configuration: configuration), fetcher: fetcher,
            configuration: configuration)
    }

    init(
        location: RemoteKeyLocation, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(ConfigurationError) {
        try configuration.validate()
        self.location = location
        self.configuration = configuration
        // One at a time, and some that were given up and have not ended.
        fetch = BoundedFetch(fetcher, maximumUnderWay: 4, sleep: sleep)
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

    private func keys(for need: RemoteKeyMachine.Need) async throws(VerificationError) -> KeySet {
        let now = now()
        let (answer, fetch) = state.withLock { $0.machine.keys(for: need, at: now) }
        if let fetch { start(fetch) }
        switch answer {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait(let attempt): return try await keys(for: need, after: attempt)
        }
    }

    private func keys(
        for need: RemoteKeyMachine.Need, after attempt: UInt64
    ) async throws(VerificationError) -> KeySet {
        guard await end(of: attempt) else {
            throw VerificationError(
                .keysUnavailable, "more than \(Self.maximumWaiting) callers wait for the issuer's keys",
                retryAfter: .seconds(1))
        }
        guard !Task.isCancelled else {
            throw VerificationError(.keysUnavailable, "the caller stopped waiting for the issuer's keys")
        }
        let now = now()
        switch state.withLock({ $0.machine.answerAfterwards(for: need, at: now) }) {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait: throw VerificationError(.keysUnavailable, "the issuer's keys are still being fetched")
        }
    }

    // MARK: Waiting

    /// Most callers that wait for one attempt: each holds a token, and anybody can send tokens.
    static let maximumWaiting = 1024

    /// Returns when `attempt` has ended, or when the caller's task is cancelled; `false` at once when too many wait.
    private func end(of attempt: UInt64) async -> Bool {
        guard state.withLock({ $0.waiting.count < Self.maximumWaiting }) else { return false }
        let number = state.withLock { state in
            state.waiterCount += 1
            return state.waiterCount
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.machine.isUnderWay(attempt), !Task.isCancelled else { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
        return true
    }

    // MARK: Fetching

    private func start(_ order: RemoteKeyMachine.Fetch) {
        let request = order.request(configuration)
        Task { [self] in
            let outcome: RemoteKeyMachine.Outcome
            do throws(BoundedFetch.Fault) {
                let response = try await fetch(request)
                outcome = order.outcome(
                    response, location: location, configuration: configuration,
                    former: state.withLock { $0.machine.lastKeys })
            } catch {
                outcome = .failed(reason: error.reason)
            }
            end(order, with: outcome)
        }
    }

    private func end(_ order: RemoteKeyMachine.Fetch, with outcome: RemoteKeyMachine.Outcome) {
        let now = now()
        let (next, woken) = state.withLock { state in
            let (next, isOver) = state.machine.ended(order, with: outcome, at: now)
            guard isOver else { return (next, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiting = [:] }
            return (next, Array(state.waiting.values))
        }
        if let next { start(next) }
        for continuation in woken { continuation.resume() }
    }
}
