public import HTTPFetching
import SharedState

/// Access tokens for a service that calls other services in its own name (RFC 6749 section 4.4).
///
/// One request serves all callers. When most of a token's life is over the next one is asked for while the present one
/// still serves, so that no caller waits and a short outage of the issuer is not noticed. A caller that is cancelled gets
/// `cancelled` at once; the request goes on for the others.
public actor ClientCredentialsTokenSource {
    /// After a renewal that failed while the present token still serves: 10 s until the next one.
    static let pauseAfterFailure = Duration.seconds(10)

    private struct Token: Sendable {
        let text: String
        let life: TokenLife
    }

    private let endpoint: IssuerEndpoint
    private let clientID: String
    private let clientSecret: String
    private let form: [(name: String, value: String)]
    private let configuration: ClientConfiguration
    private let surroundings: Environment
    private var current: Token?
    private var request: SharedResult<Result<Token, ClientError>>?
    private var failedAt: ContinuousClock.Instant?

    /// A source of tokens of one client.
    ///
    /// - Parameters:
    ///   - issuer: The issuer's URL: `https`, or plain `http` on this machine.
    ///   - clientID: The name under which the issuer knows this service.
    ///   - clientSecret: With `clientID`, how this service proves who it is (HTTP Basic, RFC 6749 section 2.3.1).
    ///   - scopes: What to ask for; all that the client may have when empty.
    ///   - audiences: The services that the tokens are to be for, by the names that the client is allowed; the issuer's
    ///     own audience when empty.
    ///   - fetcher: Sends the requests; `HTTPClientFetcher.shared` of `SignetVerifierHTTP` does.
    ///   - configuration: Times and bounds.
    /// - Throws: `ConfigurationError` with `malformedURL`, `insecureURL`, `empty` or `outOfRange`.
    public init(
        issuer: String, clientID: String, clientSecret: String, scopes: [String] = [], audiences: [String] = [],
        fetcher: any HTTPFetcher, configuration: ClientConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            issuer: issuer, clientID: clientID, clientSecret: clientSecret, scopes: scopes, audiences: audiences,
            fetcher: fetcher, configuration: configuration, surroundings: Environment())
    }

    init(
        issuer: String, clientID: String, clientSecret: String, scopes: [String], audiences: [String] = [],
        fetcher: any HTTPFetcher, configuration: ClientConfiguration, surroundings: Environment
    ) throws(ConfigurationError) {
        guard !clientID.isEmpty, !clientSecret.isEmpty else {
            throw ConfigurationError(.empty, "the client id and the client secret must not be empty")
        }
        endpoint = try IssuerEndpoint(
            issuer: issuer, fetcher: fetcher, configuration: configuration, surroundings: surroundings)
        self.clientID = clientID
        self.clientSecret = clientSecret
        form =
            [("grant_type", "client_credentials")]
            + (scopes.isEmpty ? [] : [("scope", scopes.joined(separator: " "))])
            + audiences.map { ("audience", $0) }
        self.configuration = configuration
        self.surroundings = surroundings
    }

    /// An access token that is good for a while.
    ///
    /// - Parameter rejected: The token that a service has just refused, if any: another one is asked for.
    /// - Throws: `invalidClient`, `notPermitted`, `unavailable`, `unexpectedAnswer`, `cancelled`.
    public func accessToken(insteadOf rejected: String? = nil) async throws(ClientError) -> String {
        if let current, current.text != rejected {
            switch age(of: current) {
            case .fresh: return current.text
            case .ageing:
                if mayRenewEarly { begin() }
                return current.text
            case .stale: break
            }
        }
        for _ in 0..<2 {
            guard !Task.isCancelled else { throw .cancelled }
            let token = try await (request ?? begin()).get()
            if token.text != rejected { return token.text }
        }
        throw ClientError(.unexpectedAnswer, "the issuer gave the access token that was refused")
    }

    /// Whether a request is under way.
    var isAsking: Bool { request != nil }

    private var mayRenewEarly: Bool {
        guard !isAsking else { return false }
        guard let failedAt else { return true }
        return surroundings.instant() >= failedAt + Self.pauseAfterFailure
    }

    private func age(of token: Token) -> TokenAge {
        TokenAge(
            token.life, at: surroundings.moment, margin: configuration.margin,
            renewalPoint: configuration.renewalPoint)
    }

    @discardableResult
    private func begin() -> SharedResult<Result<Token, ClientError>> {
        let request = SharedResult<Result<Token, ClientError>>()
        self.request = request
        Task {
            let result = await ask()
            self.request = nil
            switch result {
            case .success(let token): (current, failedAt) = (token, nil)
            case .failure: failedAt = surroundings.instant()
            }
            request.settle(result)
        }
        return request
    }

    private func ask() async -> Result<Token, ClientError> {
        let asked = surroundings.moment
        do throws(ClientError) {
            let answer = try await endpoint.post(
                "/oauth2/token", form: form, clientID: clientID, clientSecret: clientSecret)
            guard answer.status == 200 else {
                throw answer.error(for: [
                    "invalid_client": .invalidClient, "unauthorized_client": .notPermitted,
                    "invalid_scope": .notPermitted, "invalid_target": .notPermitted,
                ])
            }
            guard let text = answer.body?["access_token"]?.string, !text.isEmpty,
                answer.body?["token_type"]?.string?.lowercased() == "bearer",
                let expiresIn = answer.body?["expires_in"]?.integer, (0...315_360_000).contains(expiresIn)
            else {
                throw ClientError(.unexpectedAnswer, "the issuer's answer (\(answer.summary)) holds no bearer token")
            }
            let life = TokenLife(
                issuedAt: asked.date, expiresAt: asked.date + .seconds(expiresIn), knownSince: asked)
            return .success(Token(text: text, life: life))
        } catch {
            return .failure(error)
        }
    }
}
