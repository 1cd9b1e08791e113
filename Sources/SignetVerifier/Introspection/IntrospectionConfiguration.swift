/// The bounds of an ``IntrospectionClient``.
public struct IntrospectionConfiguration: Sendable, Hashable {
    /// How long an answer is believed without asking again; 0 asks every time. An answer about an active token never
    /// outlives its `exp`. A token that is revoked counts as active here for at most this long. Default 10 seconds.
    public var maximumAge: Duration = .seconds(10)

    /// How many answers are remembered; the oldest gives way. Default 4096.
    public var capacity = 4096

    /// The time for one answer. Default 5 seconds.
    public var timeout: Duration = .seconds(5)

    /// The most bytes of an answer. Default 64 KiB.
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
        guard (1...1_000_000).contains(capacity), timeout > .zero, (1...1_048_576).contains(maximumAnswerBytes) else {
            throw ConfigurationError(.outOfRange, "capacity, timeout and maximumAnswerBytes must be more than zero")
        }
    }
}
