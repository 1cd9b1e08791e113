public import HTTPFetching
import SharedState

/// A user's session: holds the token pair, refreshes it, and hands out access tokens.
///
/// If several callers need a new token, one refresh serves all of them. With ``FileTokenStorage``, several processes
/// share one session, and a call sees what other processes have stored. If the response to a refresh is lost, the
/// session repeats the refresh with the same refresh token, and the issuer returns the same new refresh token. The new
/// pair is stored before it is used, so a crash does not log the user out.
///
/// The session renews a token when most of its lifetime has passed, while callers still get the current token. If the
/// issuer does not answer, callers get the current token until it expires. After a failed refresh, the next refresh
/// starts at least 10 seconds later, or after the issuer's `Retry-After` of up to 5 minutes.
///
/// A cancelled caller returns at once with `cancelled`. A login or refresh that the caller started continues, and the
/// new pair is stored. A caller that is already cancelled starts neither a login nor a refresh.
public actor UserSession {
    private typealias Work<Value: Sendable> = SharedResult<Result<Value, ClientError>>

    /// The token pair that was in the storage when this session last read or wrote the storage.
    private struct Held: Sendable {
        let pair: TokenPair
        let lifetime: TokenLifetime
        /// Identifies the state of the storage that held the pair; `nil` if that state is unknown.
        let stamp: StorageStamp?
    }

    /// A renewal of the access token that is under way.
    private struct Renewal: Sendable {
        let work: Work<TokenPair>
        /// Set when callers with a valid token must stop waiting for the new token: a refresh request has failed,
        /// ``ClientConfiguration/timeout`` has passed, or the renewal has ended.
        let firstAttempt: SharedResult<Void>
    }

    private let endpoint: IssuerEndpoint
    private let storage: any TokenStorage
    private let configuration: ClientConfiguration
    private let environment: ClientEnvironment
    private var held: Held?
    /// The refresh token of the session that ended last; `nil` if no session has ended. The pair with this refresh
    /// token is never used again, even if the storage could not be cleared.
    private var ended: String?
    private var renewal: Renewal?
    /// The pause after a failed refresh; `nil` if the last refresh succeeded.
    private var pause: RenewalPause?
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
    ///   - environment: clocks and random numbers, for tests.
    /// - Throws: `ConfigurationError` with `malformedURL` if `issuer` is not an absolute URL or has a query;
    ///   `insecureURL` if `issuer` is `http` on another machine and `configuration` does not allow it; `outOfRange` if
    ///   a value in `configuration` is out of bounds.
    public init(
        issuer: String, storage: any TokenStorage = MemoryTokenStorage(), fetcher: any HTTPFetcher,
        configuration: ClientConfiguration = .init(), environment: ClientEnvironment = .init()
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
    ///   - audiences: the services that the session's access tokens are for, at most 8; empty for the issuer's own
    ///     audience. The session keeps them at every refresh.
    ///   - scopes: the scopes of the session's access tokens; empty for the issuer's default, `account`. The session
    ///     keeps them at every refresh.
    /// - Returns: The user who logged in.
    /// - Throws: `invalidCredentials` for a wrong address or password or a disabled account; `tooManyAttempts` after
    ///   too many failed logins; `invalidInput` if a field is out of bounds, or if the
    ///   issuer does not allow an audience or a scope; `unavailable` if there is no response, the
    ///   issuer is busy, or the storage's lock is not free in time; `unexpectedAnswer` for any other response;
    ///   `storageFailed` if the pair cannot be stored; `cancelled` if the caller is cancelled (a login that has started
    ///   continues).
    @discardableResult
    public func logIn(
        email: String, password: String, deviceName: String? = nil, audiences: Set<String> = [],
        scopes: Set<String> = []
    ) async throws(ClientError) -> SessionUser {
        guard !Task.isCancelled else { throw .cancelled }
        return try await inTurn { [self] in
            let requested = environment.now
            let answer = try await endpoint.logIn(
                email: email, password: password, deviceName: deviceName, audiences: audiences, scopes: scopes)
            let user = try SessionUser(answer)
            let pair = try TokenPair(answer, requestedAt: requested.date)
            let stamp = try await storage.withLock { [storage] in
                try storage.save(pair)
                return storage.stamp()
            }
            await remember(Held(pair: pair, lifetime: pair.lifetime(firstSeen: requested), stamp: stamp))
            return user
        }
    }

    /// An access token that has not expired: the current one, or a refreshed one.
    ///
    /// Callers wait only if the session has no token yet, if the token expires within ``ClientConfiguration/margin``,
    /// or if the token was refused. If the issuer does not answer, callers get the current token until it expires.
    ///
    /// - Parameter rejected: a token that a service has just refused, to get a different token even if the refused
    ///   token has not expired; `nil` if no service refused one.
    /// - Throws: `notLoggedIn` if the storage has no tokens; `sessionEnded` if the issuer refuses the refresh token,
    ///   after which the storage is empty; `unavailable`, `unexpectedAnswer` or `storageFailed` if the refresh fails
    ///   for another reason, after which the session is unchanged and the call can be repeated; `cancelled` if the
    ///   caller's task was cancelled.
    public func accessToken(insteadOf rejected: String? = nil) async throws(ClientError) -> String {
        if let held = servable(insteadOf: rejected) {
            switch age(of: held) {
            case .fresh: return held.pair.accessToken
            case .ageing:
                if renewal == nil, failure == nil, !Task.isCancelled { renew(insteadOf: nil) }
                return held.pair.accessToken
            case .expiring where renewal == nil && failure != nil: return held.pair.accessToken
            case .expiring, .expired: break
            }
        }
        // A renewal that another caller started may end with the token `rejected`. The second pass starts a renewal for
        // this caller.
        for _ in 0..<2 {
            guard !Task.isCancelled else { throw .cancelled }
            let renewal = renewal ?? renew(insteadOf: rejected)
            guard await renewal.firstAttempt.value() != nil else { throw .cancelled }
            if let held = servable(insteadOf: rejected), age(of: held) != .expired { return held.pair.accessToken }
            let pair = try await renewal.work.get()
            if pair.accessToken != rejected { return pair.accessToken }
        }
        throw ClientError(.unexpectedAnswer, "the issuer gave the access token that was refused")
    }

    /// Ends the session at the issuer and removes its tokens. Does nothing if there is no session.
    ///
    /// - Throws: `unavailable`, `unexpectedAnswer` or `storageFailed` if the logout fails and the tokens are still
    ///   stored: try again, or remove the tokens with ``forget()``. `cancelled` if the caller is cancelled; the logout
    ///   continues.
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
    ///   lock for longer than ``FileTokenStorage/lockTimeout``; `cancelled` if the caller is cancelled (the removal
    ///   continues).
    public func forget() async throws(ClientError) {
        try await inTurn { [self] in
            try await storage.withLock { [storage] in try storage.save(nil) }
            await remember(nil)
        }
    }

    private func remember(_ held: Held?) {
        self.held = held
        pause = nil
    }

    /// Records that the session of `pair` has ended. Its tokens are not handed out again, even if they cannot be
    /// removed from the storage.
    private func forget(ending pair: TokenPair) {
        ended = pair.refreshToken
        held = nil
    }

    // MARK: Renewing

    /// Starts a renewal of the access token. Callers that arrive before the renewal ends share it.
    @discardableResult
    private func renew(insteadOf rejected: String?) -> Renewal {
        let firstAttempt = SharedResult<Void>()
        let work: Work<TokenPair> = begin { [self] in
            let timer = Task { [environment, configuration] in
                guard (try? await environment.patience(configuration.timeout)) != nil else { return }
                firstAttempt.settle(())
            }
            defer {
                timer.cancel()
                firstAttempt.settle(())
            }
            do {
                let held = try await storage.withLock { [self] in
                    try await stored(insteadOf: rejected) { firstAttempt.settle(()) }
                }
                await endRenewal(with: held)
                return held.pair
            } catch {
                await endRenewal(failing: error)
                throw error
            }
        }
        let renewal = Renewal(work: work, firstAttempt: firstAttempt)
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

    /// Whether a renewal is under way.
    var isRenewing: Bool { renewal != nil }

    /// The error of the last refresh, during the pause after that refresh; otherwise `nil`.
    private var failure: ClientError? { pause?.error(at: environment.instant()) }

    private func refreshEnded(failing error: ClientError?) {
        pause = error.map { RenewalPause(after: $0, at: environment.instant()) }
    }

    /// Returns the stored pair if its access token is not due for renewal and is not the refused token `rejected`.
    /// Otherwise refreshes the pair. The caller must hold the storage's lock.
    private nonisolated func stored(
        insteadOf rejected: String?, attemptFailed: @Sendable () -> Void
    ) async throws -> Held {
        let stamp = storage.stamp()
        guard let pair = try storage.load() else {
            throw ClientError(.notLoggedIn, "there are no tokens: log in first")
        }
        // Check the stored pair first, because another process may have refreshed it already.
        let found = await find(pair, stamp)
        if await isFresh(found, insteadOf: rejected) { return found }
        if let failure = await failure { throw failure }
        let requested = environment.now
        do {
            let next = try TokenPair(
                try await endpoint.refresh(pair.refreshToken, attemptFailed: attemptFailed),
                requestedAt: requested.date)
            await refreshEnded(failing: nil)
            // Store the new pair before using it. If the new refresh token were lost, the session would have only the
            // old one, and the issuer treats a late use of the old one as theft.
            try storage.save(next)
            return Held(pair: next, lifetime: next.lifetime(firstSeen: requested), stamp: storage.stamp())
        } catch let error as ClientError where error.code == .sessionEnded {
            await forget(ending: pair)
            try storage.save(nil)
            throw error
        } catch let error as ClientError where error.code != .storageFailed {
            await refreshEnded(failing: error)
            throw error
        }
    }

    /// Keeps the pair from the storage in memory, and returns it with its lifetime.
    private func find(_ pair: TokenPair, _ stamp: StorageStamp?) -> Held {
        // If this pair is already in memory, keep its `lifetime`. The lifetime measures the token's age on the
        // monotonic clock, from the moment at which this session first saw the token.
        let seen = held.flatMap { $0.pair.accessToken == pair.accessToken ? $0.lifetime : nil }
        let found = Held(pair: pair, lifetime: seen ?? pair.lifetime(firstSeen: environment.now), stamp: stamp)
        held = found
        return found
    }

    private func isFresh(_ held: Held, insteadOf rejected: String?) -> Bool {
        mayServe(held, insteadOf: rejected) && age(of: held) == .fresh
    }

    /// The pair in memory, if its access token was not refused, its session has not ended, and the storage still holds
    /// the pair; otherwise `nil`. The access token may have expired.
    private func servable(insteadOf rejected: String?) -> Held? {
        held.flatMap { mayServe($0, insteadOf: rejected) && isStored($0) ? $0 : nil }
    }

    private func mayServe(_ held: Held, insteadOf rejected: String?) -> Bool {
        held.pair.accessToken != rejected && held.pair.refreshToken != ended
    }

    private func age(of held: Held) -> TokenAge {
        TokenAge(
            held.lifetime, at: environment.now, margin: configuration.margin,
            renewalPoint: configuration.renewalPoint)
    }

    /// Whether the storage is unchanged since this session read or wrote `held`; `false` if the state of the storage
    /// was unknown then (`held.stamp` is `nil`).
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
