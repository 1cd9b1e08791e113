import HTTPFetching

/// The settings of a ``StatusListSource``. The defaults suit most services.
public struct StatusListConfiguration: Sendable, Hashable {
    /// The lifetime of a fetched list (the time until it must be fetched again) if the response has no `Cache-Control`.
    /// Default 10 seconds.
    public var usualLifetime: Duration

    /// The shortest lifetime of a fetched list, even if the response demands a shorter one. Default 1 second.
    public var minimumLifetime: Duration

    /// The longest lifetime of a fetched list, even if the response allows a longer one. Default 1 minute.
    public var maximumLifetime: Duration

    /// The fraction of a list's lifetime after which the list is fetched again in the background: more than 0, at most
    /// 1. Default 0.7.
    public var refreshAhead: Double

    /// The pause after the first failed fetch. Every further failure doubles the pause, up to ``cooldown``. Default
    /// 1 second.
    public var firstRetry: Duration

    /// The longest pause between two attempts to fetch a list while fetches fail. Default 5 seconds.
    public var cooldown: Duration

    /// The time limit for one fetch. Default 3 seconds.
    public var fetchTimeout: Duration

    /// How long a list stays in use past its lifetime while fetches fail. A list is never used past its `exp`. Default
    /// 5 minutes.
    ///
    /// If a session ends after the last successful fetch, its tokens are accepted until the list may no longer be used.
    public var outageWindow: Duration

    /// The largest accepted response body in bytes. Default and maximum 1,048,576.
    public var maximumDocumentBytes: Int

    /// The largest accepted number of entries in one list, at least 8. Default and maximum 8,388,608.
    public var maximumEntries: Int

    /// The largest number of lists in memory: 1 to 8192. Default 64. At the limit, a new list evicts the least recently
    /// used list.
    public var maximumLists: Int

    /// Whether a token that names no status list is accepted. Default `true`, because tokens of the client credentials
    /// grant belong to no session and name no status list.
    ///
    /// `false` refuses the token with ``VerificationError/Code/missingClaim``.
    public var acceptsTokensWithoutStatus: Bool

    /// Whether a token is accepted while its status list is not available. Default `false`.
    ///
    /// `false` refuses the token with ``VerificationError/Code/statusUnavailable``; the caller gets a 503.
    public var acceptsWhenUnavailable: Bool

    /// Whether plain `http` is allowed to hosts other than this machine. Default `false`.
    public var allowsInsecureHTTP: Bool

    /// Creates the settings. Every parameter has a default.
    ///
    /// The initialiser of ``StatusListSource`` checks all bounds.
    public init(
        usualLifetime: Duration = .seconds(10), minimumLifetime: Duration = .seconds(1),
        maximumLifetime: Duration = .seconds(60), refreshAhead: Double = 0.7, firstRetry: Duration = .seconds(1),
        cooldown: Duration = .seconds(5), fetchTimeout: Duration = .seconds(3), outageWindow: Duration = .seconds(300),
        maximumDocumentBytes: Int = 1 << 20, maximumEntries: Int = 1 << 23, maximumLists: Int = 64,
        acceptsTokensWithoutStatus: Bool = true, acceptsWhenUnavailable: Bool = false, allowsInsecureHTTP: Bool = false
    ) {
        self.usualLifetime = usualLifetime
        self.minimumLifetime = minimumLifetime
        self.maximumLifetime = maximumLifetime
        self.refreshAhead = refreshAhead
        self.firstRetry = firstRetry
        self.cooldown = cooldown
        self.fetchTimeout = fetchTimeout
        self.outageWindow = outageWindow
        self.maximumDocumentBytes = maximumDocumentBytes
        self.maximumEntries = maximumEntries
        self.maximumLists = maximumLists
        self.acceptsTokensWithoutStatus = acceptsTokensWithoutStatus
        self.acceptsWhenUnavailable = acceptsWhenUnavailable
        self.allowsInsecureHTTP = allowsInsecureHTTP
    }

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
        guard cooldown > .zero, firstRetry > .zero, fetchTimeout > .zero else {
            throw ConfigurationError(.outOfRange, "cooldown, firstRetry and fetchTimeout must be more than zero")
        }
        guard outageWindow >= .zero else {
            throw ConfigurationError(.outOfRange, "outageWindow must be zero or more, found \(outageWindow)")
        }
        guard (1...1 << 20).contains(maximumDocumentBytes), (8...1 << 23).contains(maximumEntries),
            (1...8192).contains(maximumLists)
        else {
            throw ConfigurationError(
                .outOfRange,
                "maximumDocumentBytes must be 1 to 1048576, maximumEntries 8 to 8388608, maximumLists 1 to 8192")
        }
    }

    var refreshPolicy: RefreshSchedule.Policy {
        .init(
            refreshAhead: refreshAhead, firstRetry: firstRetry, cooldown: cooldown, fetchTimeout: fetchTimeout,
            outageWindow: outageWindow, waitsForCooldownWhileUsable: false)
    }

    var freshness: Freshness { Freshness(bounds: minimumLifetime...maximumLifetime, usual: usualLifetime) }
}
