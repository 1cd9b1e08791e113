import JOSE
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

@Suite struct ProfileTests {
    @Test func `an access token yields the profile until the second it expires`() async throws {
        let test = try IssuerFixture.make(configuration: .make(accessTokenLifetime: .seconds(60)))
        let tokens = try await test.session()
        test.clock.advance(by: .seconds(59))
        #expect(try await test.issuer.profile(accessToken: tokens.accessToken).email == "ada@example.com")
        test.clock.advance(by: .seconds(1))
        await expect(.tokenExpired) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        test.clock.advance(by: .seconds(3600))
        await expect(.tokenExpired) { try await test.issuer.profile(accessToken: tokens.accessToken) }
    }

    @Test func `a token from a node whose clock is 20 seconds ahead is accepted`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        test.clock.advance(by: .seconds(-20))
        #expect(try await test.issuer.profile(accessToken: tokens.accessToken).email == "ada@example.com")
    }

    @Test func `any other text is refused`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let tampered = String(tokens.accessToken.dropLast(4)) + "AAAA"
        for text in ["", "x.y.z", tokens.refreshToken, tampered, String(repeating: "a", count: 100_000)] {
            await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: text) }
        }
    }

    @Test func `a token of another issuer with the same keys is refused`() async throws {
        let test = try IssuerFixture.make()
        var configuration = IssuerConfiguration.make()
        configuration.identifier = "https://other.example.com"
        let other = try IssuerFixture.make(configuration: configuration)
        let tokens = try await other.session()
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
    }

    @Test func `a token that other keys signed is refused`() async throws {
        let directory = TemporaryDirectory()
        let other = try IssuerFixture.make(keyring: try Keyring.open(directory: directory.path, now: WallClock.start))
        let test = try IssuerFixture.make()
        let tokens = try await other.session()
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
    }

    @Test func `a user's token for another audience is refused`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        for audience in [
            "stock", "https://api.example.com/", "HTTPS://api.example.com", "", [],
            ["stock", "https://API.example.com"],
            nil,
        ] as [JSONValue?] {
            let copy = try test.copy(of: tokens.accessToken, for: audience)
            await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: copy) }
            await expect(.tokenInvalid) { try await test.issuer.sessions(accessToken: copy, limit: 1) }
        }
        let shared = try test.copy(of: tokens.accessToken, for: ["stock", "https://api.example.com"])
        #expect(try await test.issuer.profile(accessToken: shared).name == "Ada")
    }

    @Test func `a client's own token is refused`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: grant.accessToken) }
    }

    @Test func `the token of a disabled user is refused, and a deleted user is not found`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        try await test.administration.disableUser("ada@example.com")
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        try await test.administration.deleteUser("ada@example.com")
        await expect(.userNotFound) { try await test.issuer.profile(accessToken: tokens.accessToken) }
    }

    @Test func `a revoked access token is refused and its session stays alive`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let client = try await test.client()
        try await test.issuer.revoke(tokens.accessToken, by: client)
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        let next = try await test.refresh(tokens)
        _ = try await test.issuer.profile(accessToken: next.accessToken)
    }
}
