import Testing

@testable import SignetClient

@Suite("The age of a token")
struct TokenAgeTests {
    private func age(life: Int64, used: Int64, margin: Duration = .seconds(30), renewalPoint: Double = 0.8) -> TokenAge
    {
        let issuedAt = NumericDate(1_800_000_000)
        return TokenAge(
            issuedAt: issuedAt, expiresAt: issuedAt + .seconds(life), at: issuedAt + .seconds(used), margin: margin,
            renewalPoint: renewalPoint)
    }

    @Test("is fresh up to the renewal point, ageing up to the margin, then stale")
    func ages() {
        #expect(age(life: 900, used: 0) == .fresh)
        #expect(age(life: 900, used: 719) == .fresh)
        #expect(age(life: 900, used: 720) == .ageing)
        #expect(age(life: 900, used: 869) == .ageing)
        #expect(age(life: 900, used: 870) == .stale)
        #expect(age(life: 900, used: 10_000) == .stale)
    }

    @Test("keeps nine tenths of a short life for use")
    func shortLife() {
        #expect(age(life: 10, used: 8) == .ageing)
        #expect(age(life: 10, used: 9) == .stale)
        #expect(age(life: 0, used: 0) == .stale)
    }

    @Test("is stale when the clock was set back behind the time of issue")
    func clockSetBack() {
        #expect(age(life: 900, used: -1) == .stale)
    }
}
