// Asks the issuer about tokens (RFC 7662). This file treats a token as an opaque string: it does not parse or verify
// it.

import HTTPFetching
import JOSE
import RSAVerification
import SharedState

/// Asks the issuer whether a token is active (RFC 7662).
///
/// Use it for opaque tokens, or if a revocation must take effect at once. By default answers are not cached; to cache
/// them, set ``IntrospectionConfiguration/maximumAge``. Concurrent calls about the same token share one request. A
/// cancelled call stops waiting, but its request continues for the other callers. If the endpoint gives no usable
/// answer, the call throws and nothing is cached.
public final class IntrospectionClient: Sendable {
    private typealias Answer = Result<Introspection, VerificationError>

    private struct State {
        var cache: IntrospectionCache
        /// The requests under way. The key is the SHA-256 digest of the token; the value is the result that callers
        /// wait for.
        var underWay: [[UInt8]: SharedResult<Answer>] = [:]
        /// When the last request with a usable answer ended; `nil` if no request has had a usable answer yet.
        var lastSuccessAt: ContinuousClock.Instant?
        /// Why and when a request last ended without a usable answer; `nil` if no request has failed.
        var lastFailure: (reason: String, at: ContinuousClock.Instant)?
        var failuresInARow = 0
    }

    /// What a call of ``introspect(_:)`` does: return an answer, send a request, or wait for a request under way.
    private enum Step {
        case answered(Answer)
        case asks(SharedResult<Answer>)
        case waits(SharedResult<Answer>)
    }

    /// The largest number of callers that wait for one request. Simultaneous calls may exceed the limit slightly,
    /// because a caller counts only from when it starts to wait.
    static let maximumWaiting = 1024

    private let endpoint: String
    private let authorization: String
    private let fetch: BoundedFetch
    private let configuration: IntrospectionConfiguration
    private let observer: (any VerifierObserver)?
    private let state: Guarded<State>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let date: @Sendable () -> NumericDate

    /// Creates a client for one introspection endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: The URL of the issuer's introspection endpoint: `https`, or plain `http` on this machine.
    ///   - clientID: The client id of this service, 1 to 1024 bytes.
    ///   - clientSecret: The client secret, 1 to 1024 bytes, sent with HTTP Basic (RFC 6749 section 2.3.1).
    ///   - fetcher: Sends the requests.
    ///   - configuration: The limits of cache and requests.
    ///   - observer: Receives the end of every request; `nil` for none.
    ///   - now: The monotonic clock for the age of answers.
    ///   - date: The wall clock, compared with `exp` of an answer.
    /// - Throws: ``ConfigurationError`` with `malformedURL` if `endpoint` is not an absolute HTTP URL; `insecureURL` if
    ///   it is plain `http` to another machine and `configuration` does not allow that; `empty` if the client id or
    ///   secret is empty; `outOfRange` if one has more than 1024 bytes, or a value in `configuration` is out of bounds.
    public init(
        endpoint: String, clientID: String, clientSecret: String, fetcher: any HTTPFetcher,
        configuration: IntrospectionConfiguration = .init(), observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        date: @escaping @Sendable () -> NumericDate = { .now }
    ) throws(ConfigurationError) {
        try configuration.validate()
        guard !clientID.isEmpty, !clientSecret.isEmpty else {
            throw ConfigurationError(.empty, "the client id and the client secret must not be empty")
        }
        guard clientID.utf8.count <= 1024, clientSecret.utf8.count <= 1024 else {
            throw ConfigurationError(.outOfRange, "the client id and the client secret must have at most 1024 bytes")
        }
        let url = try EndpointURL(endpoint, what: "the introspection endpoint")
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the introspection endpoint")
        self.endpoint = url.text
        authorization = BasicCredentials(clientID: clientID, secret: clientSecret).authorization
        // `BoundedFetch` counts a timed-out request until it has really ended. So allow twice the configured number of
        // requests.
        fetch = BoundedFetch(fetcher, maximumUnderWay: 2 * configuration.maximumConcurrentRequests)
        self.configuration = configuration
        self.observer = observer
        self.now = now
        self.date = date
        state = Guarded(
            State(cache: IntrospectionCache(capacity: configuration.capacity, maximumAge: configuration.maximumAge)))
    }

    /// Creates a client for the introspection endpoint of a Signet issuer.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier, as in the policy of a verifier.
    ///   - clientID: The client id of this service, 1 to 1024 bytes.
    ///   - clientSecret: The client secret, 1 to 1024 bytes, sent with HTTP Basic (RFC 6749 section 2.3.1).
    ///   - fetcher: Sends the requests.
    ///   - configuration: The limits of cache and requests.
    ///   - observer: Receives the end of every request; `nil` for none.
    ///   - now: The monotonic clock for the age of answers.
    ///   - date: The wall clock, compared with `exp` of an answer.
    /// - Throws: ``ConfigurationError`` with `malformedURL` if `issuer` is not an absolute HTTP URL without a query;
    ///   otherwise as ``init(endpoint:clientID:clientSecret:fetcher:configuration:observer:now:date:)``.
    public convenience init(
        issuer: String, clientID: String, clientSecret: String, fetcher: any HTTPFetcher,
        configuration: IntrospectionConfiguration = .init(), observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        date: @escaping @Sendable () -> NumericDate = { .now }
    ) throws(ConfigurationError) {
        let url = try EndpointURL(issuer, what: "the issuer")
        guard !url.hasQuery else {
            throw ConfigurationError(.malformedURL, "the issuer must be a URL without a query")
        }
        try self.init(
            endpoint: url.withoutLastSlash + IssuerPath.introspection, clientID: clientID, clientSecret: clientSecret,
            fetcher: fetcher, configuration: configuration, observer: observer, now: now, date: date)
    }

    /// Asks whether `token` is active.
    ///
    /// A string that cannot be a token (empty, longer than 16 KiB, or not visible ASCII) is inactive without a request.
    ///
    /// - Throws: ``VerificationError`` with `introspectionUnavailable` if the endpoint gives no usable answer, if
    ///   ``IntrospectionConfiguration/maximumConcurrentRequests`` requests are under way, if 1024 callers wait for the
    ///   same answer, or if the caller's task is cancelled first.
    public func introspect(_ token: String) async throws(VerificationError) -> Introspection {
        guard (1...TokenSize.maximum).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .inactive }
        let digest = SHA256.digest(Array(token.utf8))
        let now = clockReading()
        let step = state.withLock { state in self.step(digest, at: now, &state) }
        let result: SharedResult<Answer>
        switch step {
        case .answered(let answer): return try answer.get()
        case .asks(let started):
            result = started
            Task { await ask(token, digest: digest) }
        case .waits(let joined): result = joined
        }
        return try await (result.value() ?? Self.cancelled).get()
    }

    /// Asks the issuer about `token`. Throws unless `token` is an active access token.
    ///
    /// An active token whose `token_type` is present and not `Bearer`, such as a refresh token, counts as inactive.
    ///
    /// - Throws: ``VerificationError`` with `tokenInactive` if the token is not an active access token, or with
    ///   `introspectionUnavailable` for the reasons that ``introspect(_:)`` lists.
    public func requireActive(_ token: String) async throws(VerificationError) -> IntrospectedToken {
        guard case .active(let introspected) = try await introspect(token) else {
            throw VerificationError(.tokenInactive, "active: expected true, found false")
        }
        guard introspected.tokenType.map({ $0.lowercased() == "bearer" }) ?? true else {
            throw VerificationError(.tokenInactive, "token_type: expected Bearer or none")
        }
        return introspected
    }

    /// The state of the introspection endpoint, for an operator: the last success and the last failure.
    public var sourceState: SourceState {
        let now = now()
        return state.withLock { sourceState($0, at: now) }
    }

    private func sourceState(_ state: State, at now: ContinuousClock.Instant) -> SourceState {
        let age = state.lastSuccessAt?.duration(to: now)
        // During an outage, only a cached answer is usable. No cached answer is younger than the last success.
        let mayAnswer = state.failuresInARow == 0 || age.map { $0 < configuration.maximumAge } ?? false
        return SourceState(
            kind: .introspection, location: endpoint, isUsable: mayAnswer, age: age,
            lastFailure: state.lastFailure.map {
                .init(reason: $0.reason, age: $0.at.duration(to: now), isContradiction: false)
            }, failuresInARow: state.failuresInARow, untilNextAttempt: nil,
            untilNextKeySearch: nil)
    }

    // MARK: Waiting

    private func step(
        _ digest: [UInt8], at now: IntrospectionCache.ClockReading, _ state: inout State
    ) -> Step {
        if let known = state.cache.answer(for: digest, at: now) { return .answered(.success(known)) }
        if Task.isCancelled { return .answered(Self.cancelled) }
        if let underWay = state.underWay[digest] {
            guard underWay.waitingCount < Self.maximumWaiting else {
                return .answered(Self.unknown("more than \(Self.maximumWaiting) callers wait for one answer"))
            }
            return .waits(underWay)
        }
        guard state.underWay.count < configuration.maximumConcurrentRequests else {
            return .answered(
                Self.unknown("more than \(configuration.maximumConcurrentRequests) requests are under way"))
        }
        let result = SharedResult<Answer>()
        state.underWay[digest] = result
        return .asks(result)
    }

    private static var cancelled: Answer { unknown("the caller was cancelled while it waited for an answer") }

    private static func unknown(_ reason: String) -> Answer {
        .failure(VerificationError(.introspectionUnavailable, "introspection: \(reason)", retryAfter: .seconds(1)))
    }

    // MARK: Asking

    private func ask(_ token: String, digest: [UInt8]) async {
        let request = HTTPFetchRequest(
            method: .post, url: endpoint,
            headers: [
                HTTPFetchField("accept", "application/json"),
                HTTPFetchField("authorization", authorization),
                HTTPFetchField("content-type", "application/x-www-form-urlencoded"),
            ],
            body: Array("token=\(FormCoding.encode(token))&token_type_hint=access_token".utf8),
            timeout: configuration.timeout, maximumBodyBytes: configuration.maximumAnswerBytes)
        let asked = clockReading()
        let answer: Answer
        do {
            answer = Introspection.reading(try await fetch(request), of: endpoint, at: date())
        } catch {
            answer = .failure(
                VerificationError(.introspectionUnavailable, "introspection \(endpoint): \(error.reason)"))
        }
        let now = now()
        let (result, report) = state.withLock { state in
            let failuresBefore = state.failuresInARow
            let outcome: FetchReport.Outcome
            switch answer {
            case .success(let introspection):
                state.cache.insert(introspection, for: digest, asked: asked)
                state.lastSuccessAt = now
                state.failuresInARow = 0
                outcome = .fetched
            case .failure(let error):
                state.lastFailure = (error.detail, now)
                state.failuresInARow += 1
                outcome = .failed
            }
            let report = FetchReport(
                outcome: outcome, state: sourceState(state, at: now), failuresBefore: failuresBefore, keyIDs: [])
            return (state.underWay.removeValue(forKey: digest), report)
        }
        observer?.fetchEnded(report)
        result?.settle(answer)
    }

    private func clockReading() -> IntrospectionCache.ClockReading { .init(instant: now(), date: date()) }
}

extension IntrospectionClient: CustomReflectable {
    /// Shows the endpoint and the settings, but not the client's secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["endpoint": endpoint, "configuration": configuration], displayStyle: .class)
    }
}
