import HTTPFetching

/// The settings of a ``RemoteKeySource``. The defaults suit most services. Change them for tests and unusual networks.
public struct RemoteKeyConfiguration: Sendable, Hashable {
    /// How long keys are used before they must be fetched again, if the response has no `Cache-Control`. Default 10
    /// minutes. Must lie between ``minimumLifetime`` and ``maximumLifetime``.
    public var usualLifetime: Duration

    /// The shortest lifetime of keys, even if the response demands a shorter one: at least 1 second. Default 30
    /// seconds.
    public var minimumLifetime: Duration

    /// The longest lifetime of keys, even if the response allows a longer one: at most 30 days. Default 24 hours.
    public var maximumLifetime: Duration

    /// The fraction of the lifetime after which a refresh starts in the background: more than 0, at most 1. Default
    /// 0.8.
    public var refreshAhead: Double

    /// A token with an unknown `kid` starts a fetch only if the last fetch started at least this long ago. `cooldown`
    /// is also the longest pause after a failed fetch. 1 second to 1 hour. Default 30 seconds.
    public var cooldown: Duration

    /// The pause after the first failed fetch while there are no usable keys. Every further failure doubles the pause,
    /// up to ``cooldown``. More than 0, at most 1 hour. Default 1 second.
    public var firstRetry: Duration

    /// The time limit for one fetch: more than 0, at most 1 minute. Default 5 seconds.
    public var fetchTimeout: Duration

    /// How long keys stay in use past their lifetime while the issuer cannot be reached. If only the metadata cannot be
    /// fetched, its last known `jwks_uri` stays in use for the same time. 0 seconds to 30 days. Default 1 hour.
    public var outageWindow: Duration

    /// The largest accepted metadata document or JWKS in bytes: 1 to 262,144. Default 262,144.
    public var maximumDocumentBytes: Int

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`, because an attacker in the
    /// network could replace the keys.
    public var allowsInsecureHTTP: Bool

    /// Creates the settings. Every parameter has a default.
    ///
    /// The initialisers of ``RemoteKeySource`` check all bounds.
    public init(
        usualLifetime: Duration = .seconds(600), minimumLifetime: Duration = .seconds(30),
        maximumLifetime: Duration = .seconds(86_400), refreshAhead: Double = 0.8, cooldown: Duration = .seconds(30),
        firstRetry: Duration = .seconds(1), fetchTimeout: Duration = .seconds(5),
        outageWindow: Duration = .seconds(3600), maximumDocumentBytes: Int = 262_144, allowsInsecureHTTP: Bool = false
    ) {
        self.usualLifetime = usualLifetime
        self.minimumLifetime = minimumLifetime
        self.maximumLifetime = maximumLifetime
        self.refreshAhead = refreshAhead
        self.cooldown = cooldown
        self.firstRetry = firstRetry
        self.fetchTimeout = fetchTimeout
        self.outageWindow = outageWindow
        self.maximumDocumentBytes = maximumDocumentBytes
        self.allowsInsecureHTTP = allowsInsecureHTTP
    }

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
            throw ConfigurationError(.outOfRange, "firstRetry must be more than 0 and at most 1 hour")
        }
        guard fetchTimeout > .zero, fetchTimeout <= .seconds(60) else {
            throw ConfigurationError(.outOfRange, "fetchTimeout must be more than 0 and at most 1 minute")
        }
        guard outageWindow >= .zero, outageWindow <= .seconds(30 * 86_400) else {
            throw ConfigurationError(.outOfRange, "outageWindow must be 0 seconds to 30 days")
        }
        guard (1...262_144).contains(maximumDocumentBytes) else {
            throw ConfigurationError(.outOfRange, "maximumDocumentBytes must be 1 to 262144")
        }
    }

    var refreshPolicy: RefreshSchedule.Policy {
        .init(
            refreshAhead: refreshAhead, firstRetry: firstRetry, cooldown: cooldown, fetchTimeout: fetchTimeout,
            outageWindow: outageWindow, waitsForCooldownWhileUsable: true)
    }

    var freshness: Freshness { Freshness(bounds: minimumLifetime...maximumLifetime, usual: usualLifetime) }
}
