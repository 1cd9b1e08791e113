import JOSE
import RSAVerification
import Synchronization

/// Asks the issuer whether a token is good right now (RFC 7662): for opaque tokens, or where a revocation must count at
/// once.
///
/// Callers that ask about one token at a time share one request. Answers are remembered for a short time, never beyond
/// the token's `exp`. "Inactive" is an answer; when there is no usable answer an error says so, and nothing is
/// remembered.
public final class IntrospectionClient: Sendable {
    private typealias Answer = Result<Introspection, VerificationError>

    private struct State {
        var cache: IntrospectionCache
        var underWay: [[UInt8]: Task<Answer, Never>] = [:]
    }

    /// An answer at hand, or one that is on its way.
    private enum Pending {
        case known(Introspection)
        case asked(Task<Answer, Never>)
    }

    private let endpoint: String
    private let authorization: String
    private let fetch: BoundedFetch
    private let configuration: IntrospectionConfiguration
    private let state: Mutex<State>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let date: @Sendable () -> NumericDate

    /// A client of one endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: The issuer's introspection endpoint: `https`, or plain `http` on this machine.
    ///   - clientID: The name under which the issuer knows this service.
    ///   - clientSecret: With `clientID`, how this service proves who it is (HTTP Basic, RFC 6749 section 2.3.1).
    ///   - fetcher: Sends the requests.
    ///   - configuration: The bounds of cache and answers.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL`, `empty` or `outOfRange`.
    public convenience init(
        endpoint: String, clientID: String, clientSecret: String, fetcher: any HTTPFetcher,
        configuration: IntrospectionConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            endpoint: endpoint, clientID: clientID, clientSecret: clientSecret, fetch: BoundedFetch(fetcher),
            configuration: configuration, now: { .now }, date: { .now })
    }

    init(
        endpoint: String, clientID: String, clientSecret: String, fetch: BoundedFetch,
        configuration: IntrospectionConfiguration, now: @escaping @Sendable () -> ContinuousClock.Instant,
        date: @escaping @Sendable () -> NumericDate
    ) throws(ConfigurationError) {
        try configuration.validate()
        guard !clientID.isEmpty, !clientSecret.isEmpty else {
            throw ConfigurationError(.empty, "the client id and the client secret must not be empty")
        }
        let url = try EndpointURL(endpoint, what: "the introspection endpoint")
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the introspection endpoint")
        self.endpoint = url.text
        authorization = OAuthForm.basic(clientID: clientID, clientSecret: clientSecret)
        self.fetch = fetch
        self.configuration = configuration
        self.now = now
        self.date = date
        state = Mutex(
            State(cache: IntrospectionCache(capacity: configuration.capacity, maximumAge: configuration.maximumAge)))
    }

    /// What the issuer says of `token`.
    ///
    /// A token that is no token at all (empty, over 16 KiB, other than visible ASCII) is inactive without asking.
    ///
    /// - Throws: ``VerificationError`` with `introspectionUnavailable` when there is no usable answer.
    public func introspect(_ token: String) async throws(VerificationError) -> Introspection {
        guard (1...TokenCheck.maximumTokenBytes).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .inactive }
        let digest = SHA256.digest(Array(token.utf8))
        let (now, date) = (now(), date())
        let pending = state.withLock { state -> Pending in
            if let answer = state.cache.answer(for: digest, at: now, date: date) { return .known(answer) }
            if let task = state.underWay[digest] { return .asked(task) }
            let task = Task { [self] in await ask(token, digest: digest) }
            state.underWay[digest] = task
            return .asked(task)
        }
        switch pending {
        case .known(let answer): return answer
        case .asked(let task): return try await task.value.get()
        }
    }

    /// What the issuer says of `token`, as an error when it is not active.
    ///
    /// - Throws: ``VerificationError`` with `tokenInactive` or `introspectionUnavailable`.
    public func requireActive(_ token: String) async throws(VerificationError) -> IntrospectedToken {
        guard case .active(let introspected) = try await introspect(token) else {
            throw VerificationError(.tokenInactive, "the issuer says that the token is not active")
        }
        return introspected
    }

    private func ask(_ token: String, digest: [UInt8]) async -> Answer {
        let request = HTTPFetchRequest(
            method: .post, url: endpoint,
            headers: [
                HTTPFetchField("accept", "application/json"),
                HTTPFetchField("authorization", authorization),
                HTTPFetchField("content-type", "application/x-www-form-urlencoded"),
            ],
            body: Array("token=\(OAuthForm.encode(token))&token_type_hint=access_token".utf8),
            timeout: configuration.timeout, maximumBodyBytes: configuration.maximumAnswerBytes)
        let answer: Answer
        do {
            answer = Introspection.reading(try await fetch(request))
        } catch {
            answer = .failure(VerificationError(.introspectionUnavailable, "introspection: \(error.reason)"))
        }
        let (now, date) = (now(), date())
        state.withLock { state in
            state.underWay[digest] = nil
            if case .success(let introspection) = answer {
                state.cache.insert(introspection, for: digest, at: now, date: date)
            }
        }
        return answer
    }
}
