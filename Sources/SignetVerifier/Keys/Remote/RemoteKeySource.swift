import Synchronization

/// The keys that an issuer publishes, fetched when needed and kept fresh.
///
/// Keys serve as long as `Cache-Control` says, within bounds; a refresh starts ahead of time in the background, at most
/// one fetch is under way, and all callers that need it share it. A failed fetch never evicts good keys: they serve on
/// for a bounded outage. An unknown `kid` causes at most one fetch per cooldown, whoever makes them up. Redirects,
/// oversized and unreadable answers count as failures. All bounds are in ``RemoteKeyConfiguration``.
///
/// Nothing is fetched before the first token comes, and nothing runs while no tokens come.
public final class RemoteKeySource: KeySource {
    private struct State {
        var machine: RemoteKeyMachine
        /// Callers that wait for an attempt to end, by a number of their own.
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var waiterCount: UInt64 = 0
        /// The timer of the fetch under way.
        var timer: Task<Void, Never>?
        var fetching: Task<Void, Never>?
    }

    private let state: Mutex<State>
    private let location: RemoteKeyLocation
    private let configuration: RemoteKeyConfiguration
    private let fetcher: any HTTPFetcher
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sleep: @Sendable (Duration) async throws -> Void

    /// The keys of `issuer`, found through its metadata (RFC 8414).
    ///
    /// - Parameter issuer: The issuer identifier, exactly as the policy and the metadata spell it.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL` or `outOfRange`.
    public convenience init(
        issuer: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            location: .issuer(issuer, configuration: configuration), fetcher: fetcher, configuration: configuration)
    }

    /// The keys at a URL that is known.
    ///
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL` or `outOfRange`.
    public convenience init(
        jwksURL: String, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            location: .keys(jwksURL, configuration: configuration), fetcher: fetcher, configuration: configuration)
    }

    init(
        location: RemoteKeyLocation, fetcher: any HTTPFetcher, configuration: RemoteKeyConfiguration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) throws(ConfigurationError) {
        try configuration.validate()
        self.location = location
        self.configuration = configuration
        self.fetcher = fetcher
        self.now = now
        self.sleep = sleep
        state = Mutex(State(machine: RemoteKeyMachine(location: location, configuration: configuration)))
    }

    public func keysAtHand() -> KeySet? {
        let now = now()
        let (keys, fetch) = state.withLock { $0.machine.keysAtHand(at: now) }
        if let fetch { start(fetch) }
        return keys
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet {
        let now = now()
        let (answer, fetch) = state.withLock { $0.machine.keys(for: keyID, at: now) }
        if let fetch { start(fetch) }
        switch answer {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait(let attempt): return try await keys(for: keyID, after: attempt)
        }
    }

    private func keys(for keyID: String?, after attempt: UInt64) async throws(VerificationError) -> KeySet {
        await end(of: attempt)
        guard !Task.isCancelled else {
            throw VerificationError(.keysUnavailable, "the caller stopped waiting for the issuer's keys")
        }
        let now = now()
        switch state.withLock({ $0.machine.answerAfterwards(for: keyID, at: now) }) {
        case .serve(let keys): return keys
        case .refuse(let error): throw error
        case .wait: throw VerificationError(.keysUnavailable, "the issuer's keys are still being fetched")
        }
    }

    // MARK: Waiting

    /// Returns when `attempt` has ended, or when the caller's task is cancelled.
    private func end(of attempt: UInt64) async {
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
    }

    // MARK: Fetching

    private func start(_ fetch: RemoteKeyMachine.Fetch) {
        let request = fetch.request(configuration)
        // The fetcher was told the time limit too; this timer holds for one that does not keep it.
        let timer = Task { [self] in
            guard (try? await sleep(configuration.fetchTimeout)) != nil else { return }
            end(fetch, with: .failed(reason: "no answer within \(configuration.fetchTimeout)"))
        }
        let fetching = Task { [self] in
            let outcome: RemoteKeyMachine.Outcome
            do {
                let response = try await fetcher.fetch(request)
                outcome = fetch.outcome(
                    response, location: location, configuration: configuration,
                    former: state.withLock { $0.machine.lastKeys })
            } catch {
                outcome = .failed(reason: "request failed: \(error)")
            }
            end(fetch, with: outcome)
        }
        let isKept = state.withLock { state in
            guard state.machine.isUnderWay(fetch) else { return false }
            state.timer = timer
            state.fetching = fetching
            return true
        }
        if !isKept { timer.cancel() }
    }

    private func end(_ fetch: RemoteKeyMachine.Fetch, with outcome: RemoteKeyMachine.Outcome) {
        let now = now()
        let (next, woken) = state.withLock { state in
            guard state.machine.isUnderWay(fetch) else {
                return (RemoteKeyMachine.Fetch?.none, [CheckedContinuation<Void, Never>]())
            }
            state.timer?.cancel()
            state.fetching?.cancel()
            state.timer = nil
            state.fetching = nil
            let (next, isOver) = state.machine.ended(fetch, with: outcome, at: now)
            guard isOver else { return (next, []) }
            defer { state.waiting = [:] }
            return (next, Array(state.waiting.values))
        }
        if let next { start(next) }
        for continuation in woken { continuation.resume() }
    }
}
