import HTTPFetching

/// The settings of ``UserSession`` and ``ClientCredentialsTokenSource``: timeouts, retries and token renewal.
public struct ClientConfiguration: Sendable, Hashable {
    /// The time limit of one request, including the whole response: 1 s … 60 s. Default 10 s.
    public var timeout: Duration
    /// The number of times a request is sent before the call fails with `unavailable`: 1 … 10. Default 5. After 75 s
    /// the call fails even if the request was sent fewer times.
    public var maximumAttempts: Int
    /// If the current access token expires within this time, callers wait for the next token: 0 … 10 min. Default 30 s.
    /// The margin is never more than a tenth of the token's lifetime. If the issuer does not answer, callers get the
    /// current token until it expires.
    public var margin: Duration
    /// The fraction of an access token's lifetime after which the next token is requested: 0.1 … 1. Default 0.8.
    /// Meanwhile callers get the current token.
    public var renewalPoint: Double
    /// Whether plain `http` to another machine is allowed. Default `false`, because passwords and tokens would travel
    /// unencrypted.
    public var allowsInsecureHTTP: Bool

    /// Creates a configuration. A parameter that is left out has its default.
    public init(
        timeout: Duration = .seconds(10), maximumAttempts: Int = 5, margin: Duration = .seconds(30),
        renewalPoint: Double = 0.8, allowsInsecureHTTP: Bool = false
    ) {
        self.timeout = timeout
        self.maximumAttempts = maximumAttempts
        self.margin = margin
        self.renewalPoint = renewalPoint
        self.allowsInsecureHTTP = allowsInsecureHTTP
    }

    func validate() throws(ConfigurationError) {
        try Self.require((.seconds(1) ... .seconds(60)).contains(timeout), "timeout must be 1 s to 60 s")
        try Self.require((1...10).contains(maximumAttempts), "maximumAttempts must be 1 to 10")
        try Self.require((.zero ... .seconds(600)).contains(margin), "margin must be 0 s to 10 min")
        try Self.require((0.1...1).contains(renewalPoint), "renewalPoint must be 0.1 to 1")
    }

    private static func require(_ isMet: Bool, _ expectation: String) throws(ConfigurationError) {
        guard isMet else { throw ConfigurationError(.outOfRange, expectation) }
    }
}
