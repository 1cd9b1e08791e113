import SignetVerifier

/// What an access token's times say about using it.
enum TokenAge: Sendable, Hashable {
    /// To be used as it is.
    case fresh
    /// Still good; the next one should be asked for.
    case ageing
    /// Over, or so close to its end that it might be when it arrives.
    case stale

    /// The age of a token at `now`.
    ///
    /// The margin is at most a tenth of the token's life, so that a short life leaves something to use. A clock behind
    /// the time of issue was set back: how old the token is cannot be told, so it is stale.
    init(
        issuedAt: NumericDate, expiresAt: NumericDate, at now: NumericDate, margin: Duration, renewalPoint: Double
    ) {
        let life = max(0, expiresAt.seconds(since: issuedAt))
        let (seconds, attoseconds) = margin.components
        let margin = min(Double(seconds) + Double(attoseconds) * 1e-18, life / 10)
        let used = now.seconds(since: issuedAt)
        if used < 0 || used >= life - margin {
            self = .stale
        } else {
            self = used >= life * renewalPoint ? .ageing : .fresh
        }
    }
}
