import HTTPFetching

/// The bounds of an ``IntrospectionClient``.
public struct IntrospectionConfiguration: Sendable, Hashable {
    /// How long an answer is believed without asking again, counted from when the question was sent: 0 seconds to 1 hour;
    /// 0 asks every time. An answer about an active token never outlives its `exp`. A token that is revoked counts as
    /// active here for at most this long. Default 10 seconds.
    public var maximumAge: Duration = .seconds(10)

    /// How many answers about active tokens are remembered, and as many again about inactive ones: 1 to 1,000,000. Of
    /// each kind the oldest gives way. Default 4096.
    public var capacity = 4096

    /// How many requests may be under way: 1 to 4096. Whoever asks about one more token meanwhile gets
    /// ``VerificationError/Code/introspectionUnavailable`` at once. Default 64.
    public var maximumConcurrentRequests = 64

    /// The time for one answer: more than 0, 1 minute at most. Default 5 seconds.
    public var timeout: Duration = .seconds(5)

    /// The most bytes of an answer: 1 to 1,048,576. Default 64 KiB.
    public var maximumAnswerBytes = 65_536

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`: tokens and the client's secret
    /// would be sent in the clear.
    public var allowsInsecureHTTP = false

    /// The defaults. What is set is checked when an ``IntrospectionClient`` is made.
    public init() {}

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
            throw ConfigurationError(.outOfRange, "an introspection's timeout must be more than 0, 1 minute at most")
        }
        guard (1...1_048_576).contains(maximumAnswerBytes) else {
            throw ConfigurationError(.outOfRange, "maximumAnswerBytes must be 1 to 1048576")
        }
    }
}
