import HTTPFetching

/// Timeouts, retries and renewal of the client.
public struct ClientConfiguration: Sendable, Hashable {
    /// Time limit of one request, whole response included. Default 10 s; 1 s … 60 s.
    public var timeout: Duration
    /// Attempts of one exchange before it fails with `unavailable`. It fails earlier if 75 s have passed. Default 5; 1 … 10.
    public var maximumAttempts: Int
    /// How long before its expiry an access token is replaced; at most a tenth of its lifetime. Default 30 s; 0 … 10 min.
    public var margin: Duration
    /// The part of an access token's lifetime after which ``ClientCredentialsTokenSource`` requests the next token while the
    /// current one is still in use. Default 0.8; 0.1 … 1.
    public var renewalPoint: Double
    /// Whether plain `http` to another machine is allowed. Default `false`, because passwords and tokens would travel
    /// unencrypted.
    public var allowsInsecureHTTP: Bool

    /// A configuration with defaults for every value that is left out.
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
