import HTTPFetching

/// The bounds of a ``RemoteKeySource``. Every default suits a service; tests and unusual networks change them.
public struct RemoteKeyConfiguration: Sendable, Hashable {
    /// How long keys serve when the answer has no `Cache-Control`: from ``minimumLifetime`` to
    /// ``maximumLifetime``. Default 10 minutes.
    public var usualLifetime: Duration = .seconds(600)

    /// The least time that keys serve, whatever the answer says: 1 second at least. Default 30 seconds.
    public var minimumLifetime: Duration = .seconds(30)

    /// The most time that keys serve without asking again, whatever the answer says: 30 days at most. Default
    /// 24 hours.
    public var maximumLifetime: Duration = .seconds(86_400)

    /// The part of the lifetime after which a refresh starts in the background: more than 0, at most 1. Default
    /// 0.8.
    public var refreshAhead: Double = 0.8

    /// The time from one attempt to the next that an unknown `kid` or an outage may cause: 1 second to 1 hour.
    /// Default 30 seconds.
    public var cooldown: Duration = .seconds(30)

    /// The pause after a first failure while there are no keys at all; it doubles up to ``cooldown``. More than 0, 1 hour
    /// at most. Default 1 second.
    public var firstRetry: Duration = .seconds(1)

    /// The time for one answer: more than 0, 1 minute at most. Default 5 seconds.
    public var fetchTimeout: Duration = .seconds(5)

    /// How long keys still serve past their lifetime while the issuer cannot be reached: 0 seconds to 30 days. As long
    /// does the place of the keys count that the issuer's metadata named last. Default 1 hour.
    public var outageWindow: Duration = .seconds(3600)

    /// The most bytes of a document: 1 to 262,144. Default 256 KiB.
    public var maximumDocumentBytes = 262_144

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`: whoever sits on the way
    /// could replace the keys.
    public var allowsInsecureHTTP = false

    /// The defaults. What is set is checked when a ``RemoteKeySource`` is made.
    public init() {}

    func validate() throws(ConfigurationError) {
        guard .seconds(1) <= minimumLifetime, minimumLifetime <= usualLifetime, usualLifetime <= maximumLifetime,
            maximumLifetime <= .seconds(30 * 86_400)
        else {
            throw ConfigurationError(
                .outOfRange, "key lifetimes must be 1 second to 30 days, and minimum <= usual <= maximum")
        }
        guard refreshAhead > 0, refreshAhead <= 1 else {
            throw ConfigurationError(.outOfRange, "refreshAhead must be more than 0 and at most 1")
        }
        guard cooldown >= .seconds(1), cooldown <= .seconds(3600) else {
            throw ConfigurationError(.outOfRange, "cooldown must be 1 second to 1 hour")
        }
        guard firstRetry > .zero, firstRetry <= .seconds(3600) else {
            throw ConfigurationError(.outOfRange, "firstRetry must be more than 0, 1 hour at most")
        }
        guard fetchTimeout > .zero, fetchTimeout <= .seconds(60) else {
            throw ConfigurationError(.outOfRange, "fetchTimeout must be more than 0, 1 minute at most")
        }
        guard outageWindow >= .zero, outageWindow <= .seconds(30 * 86_400) else {
            throw ConfigurationError(.outOfRange, "outageWindow must be 0 seconds to 30 days")
        }
        guard (1...262_144).contains(maximumDocumentBytes) else {
            throw ConfigurationError(.outOfRange, "maximumDocumentBytes must be 1 to 262144")
        }
    }

    var freshness: Freshness { Freshness(bounds: minimumLifetime...maximumLifetime, usual: usualLifetime) }
}
