import HTTPFetching
import JOSE
import RSAVerification
import SharedState

/// Asks the issuer whether a token is good right now (RFC 7662): for opaque tokens, or where a revocation must count at
/// once.
///
/// Callers that ask about one token at a time share one request, and only so many requests are under way: whoever comes
/// beyond is told at once that nobody can say. A caller that is cancelled stops waiting; the request goes on for the
/// others. Answers are remembered for a short time, never beyond the token's `exp`. "Inactive" is an answer; when there is
/// no usable answer an error says so, and nothing is remembered.
public final class IntrospectionClient: Sendable {
    private typealias Answer = Result<Introspection, VerificationError>

    private struct State {
        var cache: IntrospectionCache
        /// What will come of each request, by the token's digest.
        var underWay: [[UInt8]: SharedResult<Answer>] = [:]
    }

    /// What comes of a caller.
    private enum Step {
        case answered(Answer)
        case asks(SharedResult<Answer>)
        case waits(SharedResult<Answer>)
    }

    /// Most callers that wait for one request; a few more where they come at the very same time.
    static let maximumWaiting = 1024

    private let endpoint: String
    private let authorization: String
    private let fetch: BoundedFetch
    private let configuration: IntrospectionConfiguration
    private let state: Guarded<State>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let date: @Sendable () -> NumericDate

    /// A client of one endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: The issuer's introspection endpoint: `https`, or plain `http` on this machine.
    ///   - clientID: The name under which the issuer knows this service; 1 to 1024 bytes, and so has the secret.
    ///   - clientSecret: With `clientID`, how this service proves who it is (HTTP Basic, RFC 6749 section 2.3.1).
    ///   - fetcher: Sends the requests.
    ///   - configuration: The bounds of cache and answers.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL`, `empty` or `outOfRange`.
    public convenience init(
        endpoint: String, clientID: String, clientSecret: String, fetcher: any HTTPFetcher,
        configuration: IntrospectionConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            endpoint: endpoint, clientID: clientID, clientSecret: clientSecret, fetcher: fetcher,
            configuration: configuration, now: { .now }, date: { .now })
    }

    init(
        endpoint: String, clientID: String, clientSecret: String, fetcher: any HTTPFetcher,
        configuration: IntrospectionConfiguration, now: @escaping @Sendable () -> ContinuousClock.Instant,
        date: @escaping @Sendable () -> NumericDate
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
        // One that was given up may take a moment to end.
        fetch = BoundedFetch(fetcher, maximumUnderWay: 2 * configuration.maximumConcurrentRequests)
        self.configuration = configuration
        self.now = now
        self.date = date
        state = Guarded(
            State(cache: IntrospectionCache(capacity: configuration.capacity, maximumAge: configuration.maximumAge)))
    }

    /// What the issuer says of `token`.
    ///
    /// A token that is no token at all (empty, over 16 KiB, other than visible ASCII) is inactive without asking.
    ///
    /// - Throws: ``VerificationError`` with `introspectionUnavailable` when there is no usable answer, when too many
    ///   requests are under way, or when the caller's task was cancelled before an answer came.
    public func introspect(_ token: String) async throws(VerificationError) -> Introspection {
        guard (1...TokenCheck.maximumTokenBytes).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .inactive }
        let digest = SHA256.digest(Array(token.utf8))
        let moment = moment()
        let step = state.withLock { state in self.step(digest, at: moment, &state) }
        let outcome: SharedResult<Answer>
        switch step {
        case .answered(let answer): return try answer.get()
        case .asks(let asked):
            outcome = asked
            Task { await ask(token, digest: digest) }
        case .waits(let joined): outcome = joined
        }
        return try await (outcome.value() ?? Self.gaveUp).get()
    }

    /// What the issuer says of `token`, as an error when it is no access token that is active.
    ///
    /// A refresh token may be active and opens nothing: an answer whose `token_type` is there and not `Bearer` is as good
    /// as inactive here.
    /// - Throws: ``VerificationError`` with `tokenInactive` or `introspectionUnavailable`.
    public func requireActive(_ token: String) async throws(VerificationError) -> IntrospectedToken {
        guard case .active(let introspected) = try await introspect(token) else {
            throw VerificationError(.tokenInactive, "the issuer says that the token is not active")
        }
        guard introspected.tokenType.map({ $0.lowercased() == "bearer" }) ?? true else {
            throw VerificationError(.tokenInactive, "token_type: the issuer says that this is no access token")
        }
        return introspected
    }

    // MARK: Waiting

    private func step(
        _ digest: [UInt8], at moment: IntrospectionCache.ClockReading, _ state: inout State
    ) -> Step {
        if let known = state.cache.answer(for: digest, at: moment) { return .answered(.success(known)) }
        if Task.isCancelled { return .answered(Self.gaveUp) }
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
        let outcome = SharedResult<Answer>()
        state.underWay[digest] = outcome
        return .asks(outcome)
    }

    private static var gaveUp: Answer { unknown("the caller stopped waiting for an answer") }

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
        let asked = moment()
        let answer: Answer
        do {
            answer = Introspection.reading(try await fetch(request), at: date())
        } catch {
            answer = .failure(VerificationError(.introspectionUnavailable, "introspection: \(error.reason)"))
        }
        let outcome = state.withLock { state in
            if case .success(let introspection) = answer {
                state.cache.insert(introspection, for: digest, asked: asked)
            }
            return state.underWay.removeValue(forKey: digest)
        }
        outcome?.settle(answer)
    }

    private func moment() -> IntrospectionCache.ClockReading { .init(instant: now(), date: date()) }
}
