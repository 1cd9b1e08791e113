import HTTPFetching
import JOSE

/// Sends requests to one issuer, with time and size limits. Repeats failed requests that are safe to repeat.
struct IssuerEndpoint: Sendable {
    /// The longest response body that is read, in bytes.
    static let maximumAnswerBytes = 65_536

    private let url: String
    private let fetch: BoundedFetch
    private let configuration: ClientConfiguration
    private let environment: ClientEnvironment

    /// Checks the issuer's URL and the configuration. Sends nothing.
    /// - Throws: `malformedURL` if `issuer` is not a URL without a query, `insecureURL` if it is plain `http` to
    ///   another machine and `configuration` does not allow that, `outOfRange` if a setting is out of bounds.
    init(
        issuer: String, fetcher: any HTTPFetcher, configuration: ClientConfiguration, environment: ClientEnvironment
    ) throws(ConfigurationError) {
        try configuration.validate()
        let endpoint = try EndpointURL(issuer, what: "the issuer")
        try endpoint.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the issuer")
        guard !endpoint.hasQuery else {
            throw ConfigurationError(.malformedURL, "the issuer must be a URL without a query")
        }
        url = endpoint.withoutLastSlash
        fetch = BoundedFetch(fetcher)
        self.configuration = configuration
        self.environment = environment
    }

    /// Sends JSON to one of the issuer's `/api` routes.
    ///
    /// - Parameters:
    ///   - mayRepeat: whether to repeat the request if there is no response or the issuer is busy.
    ///   - attemptFailed: called after each attempt that is going to be repeated.
    /// - Throws: `unavailable` if no attempt got a response.
    func post(
        _ path: String, json: JSONObject, mayRepeat: Bool, attemptFailed: @Sendable () -> Void = {}
    ) async throws(ClientError) -> IssuerAnswer {
        try await post(
            path, headers: [HTTPFetchField("content-type", "application/json")], body: json.serialized(),
            mayRepeat: mayRepeat, attemptFailed: attemptFailed)
    }

    /// Sends a form to an OAuth endpoint with HTTP Basic authentication, and repeats it if there is no response or the
    /// issuer is busy.
    ///
    /// - Parameter attemptFailed: called after each attempt that is going to be repeated.
    /// - Throws: `unavailable` if no attempt got a response.
    func post(
        _ path: String, form: [(name: String, value: String)], clientID: String, clientSecret: String,
        attemptFailed: @Sendable () -> Void = {}
    ) async throws(ClientError) -> IssuerAnswer {
        let text = form.map { "\($0.name)=\(FormCoding.encode($0.value))" }.joined(separator: "&")
        return try await post(
            path,
            headers: [
                HTTPFetchField(
                    "authorization", BasicCredentials(clientID: clientID, secret: clientSecret).authorization),
                HTTPFetchField("content-type", "application/x-www-form-urlencoded"),
            ],
            body: Array(text.utf8), mayRepeat: true, attemptFailed: attemptFailed)
    }

    private func post(
        _ path: String, headers: [HTTPFetchField], body: [UInt8], mayRepeat: Bool, attemptFailed: @Sendable () -> Void
    ) async throws(ClientError) -> IssuerAnswer {
        let schedule = RetrySchedule(maximumAttempts: mayRepeat ? configuration.maximumAttempts : 1)
        let deadline = environment.instant() + RetrySchedule.longestExchange
        var attempt = 1
        while true {
            let left = environment.instant().duration(to: deadline)
            let outcome = await answer(
                to: HTTPFetchRequest(
                    method: .post, url: url + path, headers: [HTTPFetchField("accept", "application/json")] + headers,
                    body: body, timeout: min(configuration.timeout, max(left, RetrySchedule.shortestTry)),
                    maximumBodyBytes: Self.maximumAnswerBytes))
            let retryAfter: Int?
            switch outcome {
            case .success(let answer) where !answer.isTemporary: return answer
            case .success(let answer): retryAfter = answer.retryAfter
            case .failure: retryAfter = nil
            }
            let delay = schedule.delay(
                afterAttempt: attempt, retryAfter: retryAfter,
                left: environment.instant().duration(to: deadline), chance: environment.chance())
            guard let delay else { return try outcome.get() }
            attemptFailed()
            guard (try? await environment.sleep(delay)) != nil else { return try outcome.get() }
            attempt += 1
        }
    }

    private func answer(to request: HTTPFetchRequest) async -> Result<IssuerAnswer, ClientError> {
        do {
            let response = try await fetch(request)
            return .success(
                IssuerAnswer(
                    url: request.url, status: response.status, body: try? JSONObject(parsing: response.body),
                    retryAfter: response.values(of: "retry-after").first.flatMap { Int($0) }))
        } catch {
            return .failure(ClientError(.unavailable, "no answer from \(request.url): \(error.reason)"))
        }
    }
}
