import HTTPFetching

/// How patiently and how early the client asks the issuer.
public struct ClientConfiguration: Sendable, Hashable {
    /// How long one request may take until its whole answer is there. 10 s by default, 1 s … 60 s.
    public var timeout: Duration
    /// How often one exchange is tried in all before it fails with `unavailable`, as far as 75 s are enough for it.
    /// 5 by default, 1 … 10.
    public var maximumAttempts: Int
    /// How long before its end an access token is replaced, at most a tenth of its life. 30 s by default, 0 … 10 min.
    public var margin: Duration
    /// The part of an access token's life after which ``ClientCredentialsTokenSource`` asks for the next one while the
    /// present one still serves. 0.8 by default, 0.1 … 1.
    public var renewalPoint: Double
    /// Whether plain `http` may go to other machines than this one. Off by default: passwords and tokens would travel
    /// in the clear.
    public var allowsInsecureHTTP: Bool

    /// The defaults, as far as nothing else is said.
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
