import SignetStore

/// How often a status list is made and for how long it may be used, so that a revocation is seen in time.
///
/// A list is made at most once a ``period``; while the next one is made the former one serves for another period; who
/// fetched it may keep it for ``maxAge`` seconds. The three together are the promised freshness.
struct StatusListPolicy: Sendable, Hashable {
    let period: Duration
    /// Whole seconds.
    let maxAge: Int

    /// - Parameter freshness: 5 seconds to 1 hour.
    init(freshness: Duration) {
        let seconds = max(5, Int(freshness.components.seconds))
        let period = seconds / 5
        self.period = .seconds(period)
        maxAge = seconds - 2 * period
    }

    /// From `iat` to `exp`: how long a verifier that cannot reach the issuer may go on with the list it has.
    let life = StatusListEntry.longestListLifetime
}
