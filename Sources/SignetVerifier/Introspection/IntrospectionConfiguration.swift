import HTTPFetching

/// The settings of an ``IntrospectionClient``. The defaults suit most services.
public struct IntrospectionConfiguration: Sendable, Hashable {
    /// How long an answer is used without asking again, counted from when the request was sent: 0 seconds to 1 hour.
    /// Default 0 seconds: every call sends a request or waits for one that is under way.
    ///
    /// After a revocation, this service may treat the token as active for at most this long. A few seconds save many
    /// requests. An active answer is never used past the token's `exp`.
    public var maximumAge: Duration

    /// The largest number of stored answers about active tokens: 1 to 1,000,000. Default 4096. The same limit applies
    /// separately to answers about inactive tokens.
    ///
    /// At the limit, a new answer evicts the oldest answer of the same kind (active or inactive).
    public var capacity: Int

    /// The largest number of requests at the same time: 1 to 4096. Default 64.
    ///
    /// A call that would need one more request throws ``VerificationError/Code/introspectionUnavailable`` at once.
    public var maximumConcurrentRequests: Int

    /// The time limit for one request: more than 0, at most 1 minute. Default 5 seconds.
    public var timeout: Duration

    /// The largest accepted response body in bytes: 1 to 1,048,576. Default 65,536.
    public var maximumAnswerBytes: Int

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`, because tokens and the
    /// client's secret would be sent unencrypted.
    public var allowsInsecureHTTP: Bool

    /// Creates the settings. Every parameter has a default.
    ///
    /// The initialiser of ``IntrospectionClient`` checks all bounds.
    public init(
        maximumAge: Duration = .zero, capacity: Int = 4096, maximumConcurrentRequests: Int = 64,
        timeout: Duration = .seconds(5), maximumAnswerBytes: Int = 65_536, allowsInsecureHTTP: Bool = false
    ) {
        self.maximumAge = maximumAge
        self.capacity = capacity
        self.maximumConcurrentRequests = maximumConcurrentRequests
        self.timeout = timeout
        self.maximumAnswerBytes = maximumAnswerBytes
        self.allowsInsecureHTTP = allowsInsecureHTTP
    }

    func validate() throws(ConfigurationError) {
        guard maximumAge >= .zero, maximumAge <= .seconds(3600) else {
            throw ConfigurationError(.outOfRange, "the maximum age of an introspection must be 0 seconds to 1 hour")
        }
        guard (1...1_000_000).contains(capacity) else {
            throw ConfigurationError(.outOfRange, "the capacity of an introspection client must be 1 to 1000000")
        }
        guard (1...4096).contains(maximumConcurrentRequests) else {
            throw ConfigurationError(.outOfRange, "maximumConcurrentRequests must be 1 to 4096")
        }
        guard timeout > .zero, timeout <= .seconds(60) else {
            throw ConfigurationError(.outOfRange, "an introspection's timeout must be more than 0 and at most 1 minute")
        }
        guard (1...1_048_576).contains(maximumAnswerBytes) else {
            throw ConfigurationError(.outOfRange, "maximumAnswerBytes must be 1 to 1048576")
        }
    }
}
