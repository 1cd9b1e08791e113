import HTTPFetching
import JOSE

/// The time that an access token is good for.
struct TokenLife: Sendable, Hashable {
    /// Longer than any life that an issuer may give: what is beyond needs no number.
    private static let longestAge = 1e9

    let issuedAt: NumericDate
    let expiresAt: NumericDate
    /// When the token was issued, by the clock that only goes on.
    private let issued: ContinuousClock.Instant

    /// The life of a token that was issued at `issuedAt`, as it is known since `moment`.
    ///
    /// How old the token was at that moment is told by the wall clock alone; from then on by both.
    init(issuedAt: NumericDate, expiresAt: NumericDate, knownSince moment: ClockReading) {
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        let age = min(max(0, moment.date.seconds(since: issuedAt)), Self.longestAge)
        issued = moment.instant - .seconds(age)
    }

    /// From the issue to the end, in seconds.
    var length: Double { max(0, expiresAt.seconds(since: issuedAt)) }

    /// How long ago the token was issued, in seconds, by the clock that says more; `nil` when the wall clock is behind the
    /// time of issue: it was set back, and nothing that it said before counts.
    func age(at now: ClockReading) -> Double? {
        let age = now.date.seconds(since: issuedAt)
        return age < 0 ? nil : max(age, issued.duration(to: now.instant).inSeconds)
    }
}
