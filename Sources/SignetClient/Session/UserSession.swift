public import HTTPFetching
import SharedState

/// A user's session: holds the token pair, refreshes it, and hands out access tokens.
///
/// Any number of callers may ask for a token at once, and one refresh serves all of them. With ``FileTokenStorage``,
/// one refresh serves any number of processes too, and each process sees the changes of the others at its next call. If
/// the response of a refresh is lost, the session repeats the refresh with the same refresh token, and the issuer
/// returns the same new refresh token. The new pair is stored before it is used, so a crash does not log the user out.
///
/// A cancelled caller returns at once with `cancelled`. A login or refresh that the caller started continues, and the
/// new pair is stored. A caller that is already cancelled starts neither a login nor a refresh.
public actor UserSession {
    private typealias Work<Value: Sendable> = SharedResult<Result<Value, ClientError>>

    /// The token pair that was in the storage when this session last read or wrote it.
    private struct Held: Sendable {
        let pair: TokenPair
        let lifetime: TokenLifetime
        /// Identifies the state of the storage that held the pair; `nil` if that state is unknown.
        let stamp: StorageStamp?
    }

    private let endpoint: IssuerEndpoint
    private let storage: any TokenStorage
    private let configuration: ClientConfiguration
    private let environment: Environment
    private var held: Held?
    /// The refresh token of the session that ended last; `nil` if none has ended. The token is never used again, even
    /// if the storage could not be cleared.
    private var ended: String?
    private var renewal: Work<TokenPair>?
    /// The change (login, refresh or logout) that was started last; `nil` before the first one. Each change waits for
    /// the previous change.
    private var last: Task<Void, Never>?

    /// Creates a session with one issuer. If `storage` has a token pair, the session continues with that pair.
    ///
    /// - Parameters:
    ///   - issuer: the issuer's URL: `https`, or `http` on this machine.
    ///   - storage: keeps the token pair. Default: in memory.
    ///   - fetcher: sends the requests, for example `HTTPClientFetcher.shared` of `SignetVerifierHTTP`.
    ///   - configuration: timeouts, retries and renewal.
    /// - Throws: `ConfigurationError` with `malformedURL` if `issuer` is not an absolute URL or has a query;
    ///   `insecureURL` if `issuer` is `http` on another machine and `configuration` does not allow it; `outOfRange` if
    ///   a value in `configuration` is out of bounds.
    public init(
        issuer: String, storage: any TokenStorage = MemoryTokenStorage(), fetcher: any HTTPFetcher,
        configuration: ClientConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            issuer: issuer, storage: storage, fetcher: fetcher, configuration: configuration,
            environment: Environment())
    }

    init(
        issuer: String, storage: any TokenStorage, fetcher: any HTTPFetcher, configuration: ClientConfiguration,
        environment: Environment
    ) throws(ConfigurationError) {
        endpoint = try IssuerEndpoint(
            issuer: issuer, fetcher: fetcher, configuration: configuration, environment: environment)
        self.storage = storage
        self.configuration = configuration
        self.environment = environment
    }

    /// Logs in and stores the new token pair in place of any earlier pair. The session of an earlier pair continues at
    /// the issuer.
    ///
    /// The request is sent once. A login that failed without a response may still have started a session.
    /// - Parameters:
    ///   - email: the account's e-mail address.
    ///   - password: the account's password. It is not stored.
    ///   - deviceName: names the session in the user's session list; at most 200 bytes.
    /// - Throws: `invalidCredentials` for a wrong address or password or a disabled account; `tooManyAttempts` after
    ///   too many failed logins; `invalidInput` if a field is out of bounds; `unavailable` if there is no response,
    ///   the issuer is busy, or the storage's lock is not free in time; `unexpectedAnswer` for any other response;
    ///   `storageFailed` if the pair cannot be stored; `cancelled` if the caller is cancelled, while a login that has
    ///   started continues.
    public func logIn(email: String, password: String, deviceName: String? = nil) async throws(ClientError) {
        guard !Task.isCancelled else { throw .cancelled }
        try await inTurn { [self] in
            let requested = environment.now
            let pair = try TokenPair(
                try await endpoint.logIn(email: email, password: password, deviceName: deviceName),
                requestedAt: requested.date)
            let stamp = try await storage.withLock { [storage] in
                try storage.save(pair)
                return storage.stamp()
            }
            await remember(Held(pair: pair, lifetime: pair.lifetime(firstSeen: requested), stamp: stamp))
        }
    }

    /// An access token that is not about to expire: the current one, or a refreshed one.
    ///
    /// - Parameter rejected: a token that a service has just refused, to get a different token even if the refused
    ///   token has not expired; `nil` if no service refused one.
    /// - Throws: `notLoggedIn` if the storage has no tokens; `sessionEnded` if the issuer refuses the refresh token,
    ///   after which the storage is empty; `unavailable`, `unexpectedAnswer` or `storageFailed` if the refresh fails
    ///   otherwise, after which the session is unchanged and the call can be repeated; `cancelled` if the caller's task
    ///   was cancelled.
    public func accessToken(insteadOf rejected: String? = nil) async throws(ClientError) -> String {
        if let held, isUsable(held, insteadOf: rejected), isStored(held) { return held.pair.accessToken }
        // A renewal that another caller started may return the token in `rejected`, because that caller did not refuse
        // it. In this case start another renewal.
        for _ in 0..<2 {
            guard !Task.isCancelled else { throw .cancelled }
            let pair = try await (renewal ?? renew(insteadOf: rejected)).get()
            if pair.accessToken != rejected { return pair.accessToken }
        }
        throw ClientError(.unexpectedAnswer, "the issuer gave the access token that was refused")
    }

    /// Ends the session at the issuer and removes its tokens. Does nothing without a session.
    ///
    /// - Throws: `unavailable`, `unexpectedAnswer`, `storageFailed`: the tokens are still stored; try again, or give up
    ///   with ``forget()``. `cancelled`, while the logout continues.
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

    /// Removes the tokens from this device. The session at the issuer lasts until it expires.
    ///
    /// - Throws: `storageFailed` if the tokens cannot be removed; `unavailable` if another process holds the storage's
    ///   lock until its time limit (``FileTokenStorage/lockTimeout``) is over; `cancelled` if the caller is cancelled,
    ///   while the removal continues.
    public func forget() async throws(ClientError) {
        try await inTurn { [self] in
            try await storage.withLock { [storage] in try storage.save(nil) }
            await remember(nil)
        }
    }

    private func remember(_ held: Held?) { self.held = held }

    /// Stops handing out tokens of the session of `pair`, even if the storage cannot be cleared.
    private func forget(ending pair: TokenPair) {
        ended = pair.refreshToken
        held = nil
    }

    // MARK: Renewing

    /// Starts a renewal of the access token. Callers that arrive before the renewal ends share it.
    /// - Parameter rejected: an access token that a service refused, so that the result must be another one; `nil` if
    ///   none was refused.
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

    /// Loads the stored token pair. Refreshes it if its access token is about to expire or is `rejected` (a token that
    /// a service refused). The caller must hold the storage's lock.
    private nonisolated func stored(insteadOf rejected: String?) async throws -> Held {
        let stamp = storage.stamp()
        guard let pair = try storage.load() else {
            throw ClientError(.notLoggedIn, "there are no tokens: log in first")
        }
        // Another process may have refreshed the pair already.
        if let held = await usable(pair, stamp, insteadOf: rejected) { return held }
        let requested = environment.now
        do {
            let next = try TokenPair(try await endpoint.refresh(pair.refreshToken), requestedAt: requested.date)
            // Store the new pair before using it. If the new refresh token were lost, the issuer would treat the next
            // use of the old one as theft.
            try storage.save(next)
            return Held(pair: next, lifetime: next.lifetime(firstSeen: requested), stamp: storage.stamp())
        } catch let error as ClientError where error.code == .sessionEnded {
            await forget(ending: pair)
            try storage.save(nil)
            throw error
        }
    }

    /// `pair` if it needs no refresh: its session has not ended, and its access token is neither about to expire nor
    /// `rejected` (a token that a service refused). Otherwise `nil`.
    private func usable(_ pair: TokenPair, _ stamp: StorageStamp?, insteadOf rejected: String?) -> Held? {
        // If `held` has the same access token, keep its lifetime, which measures the token's age on the monotonic
        // clock. A new lifetime would make the token look younger if the wall clock was set back.
        let seen = held.flatMap { $0.pair.accessToken == pair.accessToken ? $0.lifetime : nil }
        let found = Held(pair: pair, lifetime: seen ?? pair.lifetime(firstSeen: environment.now), stamp: stamp)
        return isUsable(found, insteadOf: rejected) ? found : nil
    }

    private func isUsable(_ held: Held, insteadOf rejected: String?) -> Bool {
        held.pair.accessToken != rejected && held.pair.refreshToken != ended
            && TokenAge(held.lifetime, at: environment.now, margin: configuration.margin, renewalPoint: 1) == .fresh
    }

    /// Whether the storage is unchanged since `held` was read or written. `false` if the storage could not identify its
    /// state then (`held.stamp` is `nil`).
    private func isStored(_ held: Held) -> Bool {
        guard let stamp = held.stamp else { return false }
        return storage.stamp() == stamp
    }

    // MARK: Taking turns

    /// Runs a change of the session, such as a login, after all earlier changes. If the caller is cancelled, the change
    /// still runs to its end.
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
