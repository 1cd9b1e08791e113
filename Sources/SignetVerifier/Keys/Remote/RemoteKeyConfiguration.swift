/// The bounds of a ``RemoteKeySource``. Every default suits a service; tests and unusual networks change them.
public struct RemoteKeyConfiguration: Sendable, Hashable {
    /// How long keys serve when the answer has no `Cache-Control`. Default 10 minutes.
    public var usualLifetime: Duration = .seconds(600)

    /// The least time that keys serve, whatever the answer says. Default 30 seconds.
    public var minimumLifetime: Duration = .seconds(30)

    /// The most time that keys serve without asking again, whatever the answer says. Default 24 hours.
    public var maximumLifetime: Duration = .seconds(86_400)

    /// The part of the lifetime after which a refresh starts in the background. Default 0.8.
    public var refreshAhead: Double = 0.8

    /// The time from one attempt to the next that an unknown `kid` or an outage may cause. Default 30 seconds.
    public var cooldown: Duration = .seconds(30)

    /// The pause after a first failure while there are no keys at all; it doubles up to ``cooldown``. Default 1 second.
    public var firstRetry: Duration = .seconds(1)

    /// The time for one answer. Default 5 seconds.
    public var fetchTimeout: Duration = .seconds(5)

    /// How long keys still serve past their lifetime while the issuer cannot be reached. Default 1 hour.
    public var outageWindow: Duration = .seconds(3600)

    /// The most bytes of a document. Default and maximum 256 KiB.
    public var maximumDocumentBytes = 262_144

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`: whoever sits on the way
    /// could replace the keys.
    public var allowsInsecureHTTP = false

    /// The defaults. What is set is checked when a ``RemoteKeySource`` is made.
    public init() {}

    func validate() throws(ConfigurationError) {
        guard .zero < minimumLifetime, minimumLifetime <= maximumLifetime,
            (minimumLifetime...maximumLifetime).contains(usualLifetime)
        else {
            throw ConfigurationError(
                .outOfRange, "key lifetimes must be more than zero, and minimum <= usual <= maximum")
        }
        guard refreshAhead > 0, refreshAhead <= 1 else {
            throw ConfigurationError(.outOfRange, "refreshAhead must be more than 0 and at most 1")
        }
        guard cooldown > .zero, firstRetry > .zero, fetchTimeout > .zero, outageWindow >= .zero else {
            throw ConfigurationError(.outOfRange, "cooldown, firstRetry and fetchTimeout must be more than zero")
        }
        guard (1...262_144).contains(maximumDocumentBytes) else {
            throw ConfigurationError(.outOfRange, "maximumDocumentBytes must be 1 to 262144")
        }
    }

    var freshness: Freshness { Freshness(bounds: minimumLifetime...maximumLifetime, usual: usualLifetime) }
}
