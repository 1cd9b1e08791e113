public import HTTPFetching
import SharedState

/// A person's session: holds the token pair and always has a good access token, or says why not.
///
/// Any number of callers may ask at once; one refresh serves them all. With ``FileTokenStorage`` the same holds for any
/// number of processes, and what one of them changes the others see at their next call. A refresh whose answer was lost is
/// repeated with the same refresh token, which the issuer answers with the same successor; the new pair is stored before
/// anybody gets to see it, so a crash in between costs nothing either.
///
/// A caller that is cancelled gets `cancelled` at once. What it has begun goes on to its end: a refresh serves the others
/// who wait, and its pair is stored. A caller that is cancelled before it asks begins no login and no refresh.
public actor UserSession {
    private typealias Work<Value: Sendable> = SharedResult<Result<Value, ClientError>>

    /// The pair that the storage held last, as far as this session knows.
    private struct Held: Sendable {
        let pair: TokenPair
        let life: TokenLife
        /// The storage's own while it held the pair.
        let stamp: StorageStamp?
    }

    private let endpoint: IssuerEndpoint
    private let storage: any TokenStorage
    private let configuration: ClientConfiguration
    private let surroundings: Environment
    private var held: Held?
    /// The refresh token of the session that ended last: where it cannot be removed from the storage it is not used again.
    private var ended: String?
    private var renewal: Work<TokenPair>?
    /// What was begun last: changes of the session follow each other.
    private var last: Task<Void, Never>?

    /// A session with one issuer, which goes on with the pair in `storage`, if there is one.
    ///
    /// - Parameters:
    ///   - issuer: The issuer's URL: `https`, or plain `http` on this machine.
    ///   - storage: Where the token pair is kept; in memory unless said otherwise.
    ///   - fetcher: Sends the requests; `HTTPClientFetcher.shared` of `SignetVerifierHTTP` does.
    ///   - configuration: Times and bounds.
    /// - Throws: `ConfigurationError` with `malformedURL`, `insecureURL` or `outOfRange`.
    public init(
        issuer: String, storage: any TokenStorage = MemoryTokenStorage(), fetcher: any HTTPFetcher,
        configuration: ClientConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            issuer: issuer, storage: storage, fetcher: fetcher, configuration: configuration,
            surroundings: Environment())
    }

    init(
        issuer: String, storage: any TokenStorage, fetcher: any HTTPFetcher, configuration: ClientConfiguration,
        surroundings: Environment
    ) throws(ConfigurationError) {
        endpoint = try IssuerEndpoint(
            issuer: issuer, fetcher: fetcher, configuration: configuration, surroundings: surroundings)
        self.storage = storage
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// Begins a session and stores its pair in place of the former one, whose session is not ended.
    ///
    /// Sent once: a login that failed because nothing answered may have begun a session nevertheless.
    /// - Parameters:
    ///   - email: The account's e-mail address.
    ///   - password: The account's password; kept nowhere.
    ///   - deviceName: What the user will recognise the session by; at most 200 bytes.
    /// - Throws: `invalidCredentials`, `tooManyAttempts`, `invalidInput`, `unavailable`, `unexpectedAnswer`,
    ///   `storageFailed`; `cancelled`, and the login goes on if it had begun.
    public func logIn(email: String, password: String, deviceName: String? = nil) async throws(ClientError) {
        guard !Task.isCancelled else { throw .cancelled }
        try await inTurn { [self] in
            let asked = surroundings.moment
            let pair = try TokenPair(
                try await endpoint.logIn(email: email, password: password, deviceName: deviceName),
                askedAt: asked.date)
            let stamp = try await storage.withLock { [storage] in
                try storage.save(pair)
                return storage.stamp()
            }
            await remember(Held(pair: pair, life: pair.life(knownSince: asked), stamp: stamp))
        }
    }

    /// An access token that is good for a while: the present one, or one refreshed for all who wait.
    ///
    /// - Parameter rejected: The token that a service has just refused, if any: another one is returned, though by its
    ///   times the refused one were still good.
    /// - Throws: `notLoggedIn`; `sessionEnded`, after which the storage is empty; `unavailable`, `unexpectedAnswer` and
    ///   `storageFailed`, after which the session is as it was and can be asked again; `cancelled`.
    public func accessToken(insteadOf rejected: String? = nil) async throws(ClientError) -> String {
        if let held, isUsable(held, insteadOf: rejected), isStored(held) { return held.pair.accessToken }
        // Whoever joins a renewal that others began may get the very token that was refused, and begins another.
        for _ in 0..<2 {
            guard !Task.isCancelled else { throw .cancelled }
            let pair = try await (renewal ?? renew(insteadOf: rejected)).get()
            if pair.accessToken != rejected { return pair.accessToken }
        }
        throw ClientError(.unexpectedAnswer, "the issuer gave the access token that was refused")
    }

    /// Ends the session at the issuer and removes its tokens; none is no error.
    ///
    /// - Throws: `unavailable`, `unexpectedAnswer`, `storageFailed`; the tokens are still there then, so that it can be
    ///   tried again, or given up with ``forget()``. `cancelled`, and the logout goes on.
    public func logOut() async throws(ClientError) {
        try await inTurn { [self] in
            try await storage.withLock { [self] in
                guard let pair = try storage.load() else { return }
                try await endpoint.logOut(refreshToken: pair.refreshToken)
                await forget(ending: pair)
                try storage.save(nil)
            }
            await remember(nil)
        }
    }

    /// Removes the tokens from here; the session stays with the issuer until it expires there.
    ///
    /// - Throws: `storageFailed`; `unavailable` when another process is asking the issuer for too long; `cancelled`, and the
    ///   tokens are removed nevertheless.
    public func forget() async throws(ClientError) {
        try await inTurn { [self] in
            try await storage.withLock { [storage] in try storage.save(nil) }
            await remember(nil)
        }
    }

    private func remember(_ held: Held?) { self.held = held }

    /// From now on no token of the session of `pair` is handed out, whatever becomes of the storage.
    private func forget(ending pair: TokenPair) {
        ended = pair.refreshToken
        held = nil
    }

    // MARK: Renewing

    /// Begins a renewal for all who come before it is over.
    private func renew(insteadOf rejected: String?) -> Work<TokenPair> {
        let renewal = begin { [self] in
            do {
                let held = try await storage.withLock { [self] in try await stored(insteadOf: rejected) }
                await endRenewal(with: held)
                return held.pair
            } catch {
                await endRenewal(failing: error)
                throw error
            }
        }
        self.renewal = renewal
        return renewal
    }

    private func endRenewal(with held: Held) {
        renewal = nil
        self.held = held
    }

    private func endRenewal(failing error: any Error) {
        renewal = nil
        if (error as? ClientError)?.code == .notLoggedIn { held = nil }
    }

    /// The pair in the storage, replaced unless it can be used as it is. Hold the lock.
    private nonisolated func stored(insteadOf rejected: String?) async throws -> Held {
        let stamp = storage.stamp()
        guard let pair = try storage.load() else {
            throw ClientError(.notLoggedIn, "there are no tokens: log in first")
        }
        // Another process may have been faster.
        if let held = await taken(pair, stamp, insteadOf: rejected) { return held }
        let asked = surroundings.moment
        do {
            let next = try TokenPair(try await endpoint.refresh(pair.refreshToken), askedAt: asked.date)
            // Stored before it is used: were it lost later, the issuer would take its parent for stolen.
            try storage.save(next)
            return Held(pair: next, life: next.life(knownSince: asked), stamp: storage.stamp())
        } catch let error as ClientError where error.code == .sessionEnded {
            await forget(ending: pair)
            try storage.save(nil)
            throw error
        }
    }

    /// What was found in the storage, when it can be used as it is.
    private func taken(_ pair: TokenPair, _ stamp: StorageStamp?, insteadOf rejected: String?) -> Held? {
        // Of a pair that was seen before it is known since then how old it is.
        let seen = held.flatMap { $0.pair.accessToken == pair.accessToken ? $0.life : nil }
        let found = Held(pair: pair, life: seen ?? pair.life(knownSince: surroundings.moment), stamp: stamp)
        return isUsable(found, insteadOf: rejected) ? found : nil
    }

    private func isUsable(_ held: Held, insteadOf rejected: String?) -> Bool {
        held.pair.accessToken != rejected && held.pair.refreshToken != ended
            && TokenAge(held.life, at: surroundings.moment, margin: configuration.margin, renewalPoint: 1) == .fresh
    }

    /// Whether the storage is as it was when it held this pair.
    private func isStored(_ held: Held) -> Bool {
        guard let stamp = held.stamp else { return false }
        return storage.stamp() == stamp
    }

    // MARK: Taking turns

    /// Runs a change of the session after those that were begun before, and to its end, whoever waits for it.
    private func inTurn<Value: Sendable>(
        _ change: @escaping @Sendable () async throws -> Value
    ) async throws(ClientError) -> Value {
        try await begin(change).get()
    }

    private func begin<Value: Sendable>(_ change: @escaping @Sendable () async throws -> Value) -> Work<Value> {
        let work = Work<Value>()
        last = Task { [last] in
            await last?.value
            do {
                work.settle(.success(try await change()))
            } catch let error as ClientError {
                work.settle(.failure(error))
            } catch {
                work.settle(.failure(ClientError(.storageFailed, "the token storage failed: \(type(of: error))")))
            }
        }
        return work
    }
}
