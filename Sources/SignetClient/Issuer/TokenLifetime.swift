import JOSE

/// The lifetime of an access token, measured with the wall clock and the monotonic clock.
struct TokenLifetime: Sendable, Hashable {
    /// The upper limit of a computed age, in seconds. Every token has expired at this age.
    private static let longestAge = 1e9

    let issuedAt: NumericDate
    let expiresAt: NumericDate
    /// The time at which the token was issued, on the monotonic clock.
    private let issuedInstant: ContinuousClock.Instant

    /// Computes the token's age at the time `seen` from the wall clock. After `seen`, ``age(at:)`` also measures the
    /// age with the monotonic clock.
    /// - Parameters:
    ///   - issuedAt: the issue time on the wall clock.
    ///   - expiresAt: the expiry on the wall clock.
    ///   - seen: when this process first saw the token.
    init(issuedAt: NumericDate, expiresAt: NumericDate, firstSeen seen: ClockReading) {
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        let age = min(max(0, seen.date.seconds(since: issuedAt)), Self.longestAge)
        issuedInstant = seen.instant - .seconds(age)
    }

    /// The time from issue to expiry, in seconds.
    var length: Double { max(0, expiresAt.seconds(since: issuedAt)) }

    /// The token's age in seconds: the greater of the ages on the wall clock and on the monotonic clock.
    ///
    /// `nil` if the wall clock shows a time before the issue time, because the wall clock was set back and the age is
    /// unknown.
    func age(at now: ClockReading) -> Double? {
        let age = now.date.seconds(since: issuedAt)
        return age < 0 ? nil : max(age, issuedInstant.duration(to: now.instant).inSeconds)
    }
}

/// Tells whether an access token is to be used, renewed or replaced.
enum TokenAge: Sendable, Hashable {
    /// Use the token.
    case fresh
    /// Use the token and request the next one.
    case ageing
    /// The token may expire before the service checks it. Request the next token, and use the current token only if the
    /// request fails or takes too long.
    case expiring
    /// Do not use the token. It has expired, or the clock was set back so that its age is unknown.
    case expired

    /// Compares the token's age at `now` with its lifetime.
    /// - Parameters:
    ///   - margin: how long before its expiry a token counts as `expiring`. At most a tenth of the lifetime is used, so
    ///     that a token with a short lifetime is not `expiring` from the start.
    ///   - renewalPoint: the fraction of the lifetime, 0 … 1, after which a token counts as `ageing`.
    init(_ lifetime: TokenLifetime, at now: ClockReading, margin: Duration, renewalPoint: Double) {
        let margin = min(margin.inSeconds, lifetime.length / 10)
        guard let age = lifetime.age(at: now), age < lifetime.length else {
            self = .expired
            return
        }
        guard age < lifetime.length - margin else {
            self = .expiring
            return
        }
        self = age >= lifetime.length * renewalPoint ? .ageing : .fresh
    }
}
