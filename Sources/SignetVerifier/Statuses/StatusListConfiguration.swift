import HTTPFetching

/// The bounds of a ``StatusListSource``, and what happens at them. Every default suits a service.
public struct StatusListConfiguration: Sendable, Hashable {
    /// How long a list serves when the answer has no `Cache-Control`. Default 10 seconds.
    public var usualLifetime: Duration = .seconds(10)

    /// The least time that a list serves, whatever the answer says. Default 1 second.
    public var minimumLifetime: Duration = .seconds(1)

    /// The most time that a list serves without asking again, whatever the answer says. Default 1 minute.
    public var maximumLifetime: Duration = .seconds(60)

    /// The part of the lifetime after which a refresh starts in the background. Default 0.7.
    public var refreshAhead: Double = 0.7

    /// The pause after a first failure; it doubles up to ``cooldown``. Default 1 second.
    public var firstRetry: Duration = .seconds(1)

    /// The longest pause between two attempts while lists cannot be had. Default 5 seconds.
    public var cooldown: Duration = .seconds(5)

    /// The time for one answer. Default 3 seconds.
    public var fetchTimeout: Duration = .seconds(3)

    /// How long a list still serves past its lifetime while it cannot be had anew; never past its own `exp`. A session
    /// that ends meanwhile is accepted for so long. Default 5 minutes.
    public var outageWindow: Duration = .seconds(300)

    /// The most bytes of an answer. Default and maximum 1 MiB.
    public var maximumDocumentBytes = 1 << 20

    /// The most entries of a list, at least 8. Default and maximum 8 388 608.
    public var maximumEntries = 1 << 23

    /// The most lists that are kept at once. Default 64.
    public var maximumLists = 64

    /// Whether a token without a `status_list` in its `status` claim is accepted, as those of clients are. Default
    /// `true`; `false` refuses it with ``VerificationError/Code/missingClaim``.
    public var acceptsTokensWithoutStatus = true

    /// Whether a token is accepted while its status cannot be known. Default `false`: it is refused with
    /// ``VerificationError/Code/statusUnavailable``, which is a 503.
    public var acceptsWhenUnavailable = false

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`.
    public var allowsInsecureHTTP = false

    /// The defaults. What is set is checked when a ``StatusListSource`` is made.
    public init() {}

    func validate() throws(ConfigurationError) {
        guard .zero < minimumLifetime, minimumLifetime <= maximumLifetime,
            (minimumLifetime...maximumLifetime).contains(usualLifetime)
        else {
            throw ConfigurationError(
                .outOfRange, "status list lifetimes must be more than zero, and minimum <= usual <= maximum")
        }
        guard refreshAhead > 0, refreshAhead <= 1 else {
            throw ConfigurationError(.outOfRange, "refreshAhead must be more than 0 and at most 1")
        }
        guard cooldown > .zero, firstRetry > .zero, fetchTimeout > .zero, outageWindow >= .zero else {
            throw ConfigurationError(.outOfRange, "cooldown, firstRetry and fetchTimeout must be more than zero")
        }
        guard (1...1 << 20).contains(maximumDocumentBytes), (8...1 << 23).contains(maximumEntries),
            (1...8192).contains(maximumLists)
        else {
            throw ConfigurationError(
                .outOfRange,
                "maximumDocumentBytes must be 1 to 1048576, maximumEntries 8 to 8388608, maximumLists 1 to 8192")
        }
    }

    var freshness: Freshness { Freshness(bounds: minimumLifetime...maximumLifetime, usual: usualLifetime) }
}
