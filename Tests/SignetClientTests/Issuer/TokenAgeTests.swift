import Testing

@testable import SignetClient

@Suite("The age of a token")
struct TokenAgeTests {
    private static let issued = ClockReading(date: NumericDate(1_800_000_000), instant: .now)

    /// Returns the age of a token `used` seconds after its issue. The lifetime of the token is `life` seconds. Since
    /// the issue, the wall clock has been set back by `setBack` seconds.
    private func age(
        life: Int64, used: Int64, setBack: Int64 = 0, margin: Duration = .seconds(30), renewalPoint: Double = 0.8
    ) -> TokenAge {
        let issued = Self.issued
        return TokenAge(
            TokenLifetime(issuedAt: issued.date, expiresAt: issued.date + .seconds(life), firstSeen: issued),
            at: ClockReading(
                date: issued.date + .seconds(used - setBack), instant: issued.instant + .seconds(used)),
            margin: margin, renewalPoint: renewalPoint)
    }

    @Test func `is fresh up to the renewal point, ageing up to the margin, expiring up to the end`() {
        #expect(age(life: 900, used: 0) == .fresh)
        #expect(age(life: 900, used: 719) == .fresh)
        #expect(age(life: 900, used: 720) == .ageing)
        #expect(age(life: 900, used: 869) == .ageing)
        #expect(age(life: 900, used: 870) == .expiring)
        #expect(age(life: 900, used: 899) == .expiring)
        #expect(age(life: 900, used: 900) == .expired)
        #expect(age(life: 900, used: 10_000) == .expired)
    }

    @Test func `leaves nine tenths of a short lifetime for use`() {
        #expect(age(life: 10, used: 8) == .ageing)
        #expect(age(life: 10, used: 9) == .expiring)
        #expect(age(life: 10, used: 10) == .expired)
        #expect(age(life: 0, used: 0) == .expired)
    }

    @Test func `keeps growing when the wall clock is set back, and has expired before the issue time`() {
        #expect(age(life: 900, used: 719, setBack: 719) == .fresh)
        #expect(age(life: 900, used: 720, setBack: 720) == .ageing)
        #expect(age(life: 900, used: 870, setBack: 870) == .expiring)
        #expect(age(life: 900, used: 900, setBack: 900) == .expired)
        #expect(age(life: 900, used: 1, setBack: 2) == .expired)
    }

    @Test func `grows when the wall clock is set forward`() {
        #expect(age(life: 900, used: 10, setBack: -860) == .expiring)
        #expect(age(life: 900, used: 10, setBack: -890) == .expired)
    }

    @Test func `of a stored token starts from the wall clock and then follows both clocks`() {
        let issuedAt = Self.issued.date
        let found = ClockReading(date: issuedAt + .seconds(600), instant: Self.issued.instant)
        let life = TokenLifetime(issuedAt: issuedAt, expiresAt: issuedAt + .seconds(900), firstSeen: found)
        let later = ClockReading(date: issuedAt + .seconds(1), instant: found.instant + .seconds(270))
        #expect(TokenAge(life, at: found, margin: .seconds(30), renewalPoint: 1) == .fresh)
        #expect(TokenAge(life, at: later, margin: .seconds(30), renewalPoint: 1) == .expiring)
    }

    @Test func `accepts extreme dates`() {
        for (issuedAt, expiresAt) in [(Int64.min, Int64.max), (.max, .min), (.min, .min), (0, .max)] {
            let life = TokenLifetime(
                issuedAt: NumericDate(issuedAt), expiresAt: NumericDate(expiresAt), firstSeen: Self.issued)
            #expect(TokenAge(life, at: Self.issued, margin: .seconds(30), renewalPoint: 1) != .ageing)
        }
    }
}
