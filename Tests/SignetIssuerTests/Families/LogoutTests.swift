import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LogoutTests {
    @Test func `logout ends the session and stores the reason`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try test.family(of: tokens).revocationReason == .logout)
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
    }

    @Test func `an older refresh token of the session logs out too`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.refresh(first)
        let third = try await test.refresh(second)
        try await test.issuer.logout(refreshToken: first.refreshToken)
        await expect(.refreshTokenDead) { try await test.refresh(third) }
    }

    @Test func `logout leaves other sessions alone`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let other = try await test.login()
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        _ = try await test.refresh(other)
    }

    @Test func `a second logout succeeds and keeps the first time and reason`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        let before = try test.family(of: tokens)
        test.clock.advance(by: .seconds(5))
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try test.family(of: tokens) == before)
    }

    @Test func `logout with a malformed or forged token succeeds and ends nothing`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let token = try #require(RefreshToken(tokens.refreshToken))
        let forged = RefreshToken(
            secretID: token.secretID, familyID: token.familyID, generation: 0, tag: [UInt8](repeating: 0, count: 32))
        for text in ["", "garbage", tokens.accessToken, forged.text] {
            try await test.issuer.logout(refreshToken: text)
        }
        _ = try await test.refresh(tokens)
    }

    @Test func `logout with an expired token succeeds and writes nothing`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        test.clock.advance(by: .seconds(8 * 86_400))
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try test.family(of: tokens).revokedAt == nil)
    }
}
