public import HTTPFetching
import SharedState

/// Access tokens for a service that calls other services in its own name, by the client credentials grant (RFC 6749
/// section 4.4).
///
/// If several callers need a new token, one request serves all of them. When most of a token's lifetime has passed, the
/// source requests the next token while callers still get the current token. Callers therefore do not wait, and do not
/// notice a short outage of the issuer. If the issuer does not answer, callers get the current token until it expires.
/// After a failed request, the source waits at least 10 seconds before the next request. A cancelled caller returns at
/// once with `cancelled`; the request continues for the other callers.
public actor ClientCredentialsTokenSource {
    private struct Token: Sendable {
        let text: String
        let lifetime: TokenLifetime
    }

    /// A token request that is under way.
    private struct Request: Sendable {
        let result = SharedResult<Result<Token, ClientError>>()
        /// Callers whose old token is still valid wait for the new token only until this is set. It is set as soon as
        /// the first attempt has failed, ``ClientConfiguration/timeout`` has passed, or the request has ended.
        let firstAttempt = SharedResult<Void>()
    }

    private let endpoint: IssuerEndpoint
    private let clientID: String
    private let clientSecret: String
    private let form: [(name: String, value: String)]
    private let configuration: ClientConfiguration
    private let environment: ClientEnvironment
    private var current: Token?
    private var request: Request?
    /// The pause after a failed request; `nil` if the last request succeeded.
    private var pause: RenewalPause?

    /// Creates a source of tokens for one client.
    ///
    /// - Parameters:
    ///   - issuer: the issuer's URL: `https`, or `http` on this machine.
    ///   - clientID: the `client_id` of this service.
    ///   - clientSecret: the client's secret, sent with HTTP Basic authentication (RFC 6749 section 2.3.1).
    ///   - scopes: the scopes to request; empty for all that the client may have.
    ///   - audiences: the services that the tokens are for; empty for the issuer's own audience.
    ///   - fetcher: sends the requests, for example `HTTPClientFetcher.shared` of `SignetVerifierHTTP`.
    ///   - configuration: timeouts, retries and renewal.
    ///   - environment: clocks and random numbers, for tests.
    /// - Throws: `ConfigurationError`: `malformedURL` if the issuer's URL is malformed or has a query; `insecureURL`
    ///   for `http` to another machine, unless the configuration allows it; `empty` if the client's ID or secret is
    ///   empty; `outOfRange` for a value of the configuration.
    public init(
        issuer: String, clientID: String, clientSecret: String, scopes: Set<String> = [], audiences: Set<String> = [],
        fetcher: any HTTPFetcher, configuration: ClientConfiguration = .init(), environment: ClientEnvironment = .init()
    ) throws(ConfigurationError) {
        guard !clientID.isEmpty, !clientSecret.isEmpty else {
            throw ConfigurationError(.empty, "the client id and the client secret must not be empty")
        }
        endpoint = try IssuerEndpoint(
            issuer: issuer, fetcher: fetcher, configuration: configuration, environment: environment)
        self.clientID = clientID
        self.clientSecret = clientSecret
        form =
            [("grant_type", "client_credentials")]
            + (scopes.isEmpty ? [] : [("scope", scopes.sorted().joined(separator: " "))])
            + audiences.sorted().map { ("audience", $0) }
        self.configuration = configuration
        self.environment = environment
    }

    /// An access token that has not expired.
    ///
    /// Callers wait only if there is no token or if the token expires within ``ClientConfiguration/margin``.
    ///
    /// - Parameter rejected: a token that a service has just refused, to get a different token; `nil` if no service
    ///   refused one.
    /// - Throws: `invalidClient` or `notPermitted` if the issuer refuses the client, its scopes or its audiences;
    ///   `unavailable` if every attempt failed; `unexpectedAnswer` for an unknown response, or if the issuer returns
    ///   the token `rejected` again; `cancelled` if the caller's task was cancelled.
    public func accessToken(insteadOf rejected: String? = nil) async throws(ClientError) -> String {
        if let current, current.text != rejected {
            switch age(of: current) {
            case .fresh: return current.text
            case .ageing:
                if !isRequesting, failure == nil { begin() }
                return current.text
            case .expiring where !isRequesting && failure != nil: return current.text
            case .expiring, .expired: break
            }
        }
        for _ in 0..<2 {
            guard !Task.isCancelled else { throw .cancelled }
            if !isRequesting, let failure { throw failure }
            let request = request ?? begin()
            guard await request.firstAttempt.value() != nil else { throw .cancelled }
            if let current, current.text != rejected, age(of: current) != .expired { return current.text }
            let token = try await request.result.get()
            if token.text != rejected { return token.text }
        }
        throw ClientError(.unexpectedAnswer, "the issuer gave the access token that was refused")
    }

    /// Whether a token request is in progress.
    var isRequesting: Bool { request != nil }

    /// The error of the last token request, during the pause after that request; otherwise `nil`.
    private var failure: ClientError? { pause?.error(at: environment.instant()) }

    private func age(of token: Token) -> TokenAge {
        TokenAge(
            token.lifetime, at: environment.now, margin: configuration.margin,
            renewalPoint: configuration.renewalPoint)
    }

    @discardableResult
    private func begin() -> Request {
        let request = Request()
        self.request = request
        Task {
            let timer = Task { [environment, configuration] in
                guard (try? await environment.patience(configuration.timeout)) != nil else { return }
                request.firstAttempt.settle(())
            }
            let result = await ask { request.firstAttempt.settle(()) }
            timer.cancel()
            self.request = nil
            switch result {
            case .success(let token): (current, pause) = (token, nil)
            case .failure(let error): pause = RenewalPause(after: error, at: environment.instant())
            }
            request.firstAttempt.settle(())
            request.result.settle(result)
        }
        return request
    }

    private func ask(attemptFailed: @Sendable () -> Void) async -> Result<Token, ClientError> {
        let requested = environment.now
        do throws(ClientError) {
            let answer = try await endpoint.post(
                IssuerPath.token, form: form, clientID: clientID, clientSecret: clientSecret,
                attemptFailed: attemptFailed)
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
                throw ClientError(.unexpectedAnswer, "the issuer's response (\(answer.summary)) holds no bearer token")
            }
            let lifetime = TokenLifetime(
                issuedAt: requested.date, expiresAt: requested.date + .seconds(expiresIn), firstSeen: requested)
            return .success(Token(text: text, lifetime: lifetime))
        } catch {
            return .failure(error)
        }
    }
}
