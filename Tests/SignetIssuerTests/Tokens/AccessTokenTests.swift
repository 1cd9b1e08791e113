import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier
import Testing

@testable import SignetIssuer

@Suite struct AccessTokenTests {
    @Test func `a user's token has the documented header and claims and no others`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let header = try #require(tokens.accessToken.split(separator: ".").first)
        let kid = try #require(test.keyring.listing(at: test.clock.now).first?.keyID)
        #expect(
            try JSONObject(parsing: try #require(Base64URL.decode(header.utf8)))
                == ["alg": "RS256", "typ": "at+jwt", "kid": .string(kid)])
        let claims = try test.claims(of: tokens.accessToken)
        #expect(
            claims.members.map(\.name) == [
                "iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope", "auth_time", "status",
            ])
        let user = try await test.administration.user("ada@example.com")
        #expect(claims["iss"] == "https://id.example.com")
        #expect(claims["aud"] == "https://api.example.com")
        #expect(claims["sub"] == .string(user.id.description))
        #expect(claims["iat"] == .integer(test.clock.now.seconds))
        #expect(claims["exp"] == .integer(test.clock.now.seconds + 900))
        #expect(claims["auth_time"] == .integer(test.clock.now.seconds))
        #expect(claims["client_id"] == "first-party")
        #expect(claims["sid"] == .string(tokens.sessionID.description))
        #expect(claims["scope"] == "account")
        #expect(claims["jti"]?.string.flatMap { Base64URL.decode($0.utf8) }?.count == 16)
    }

    @Test func `a refreshed token has the user's roles and the auth_time of the login`() async throws {
        let test = try IssuerFixture.make()
        _ = try await test.administration.createUser(
            name: "Ada", email: "ada@example.com", password: IssuerFixture.password,
            roles: ["writer", "admin", "admin"],
            passwordMinimumLength: 8, passwords: test.passwords)
        let tokens = try await test.login()
        let login = test.clock.now.seconds
        test.clock.advance(by: .seconds(500))
        let claims = try test.claims(of: try await test.refresh(tokens).accessToken)
        #expect(claims["roles"] == ["admin", "writer"])
        #expect(claims["auth_time"] == .integer(login))
        #expect(claims["iat"] == .integer(login + 500))
    }

    @Test(arguments: [(8000, 2), (9250, 1), (9800, 0), (9999, 0)])
    func `a token never expires after its session`(elapsed: Int, expiresIn: Int64) async throws {
        let test = try IssuerFixture.make(
            configuration: .make(refreshTokenIdleLifetime: .seconds(10), sessionLifetime: .seconds(10)))
        let tokens = try await test.session()
        test.clock.advance(by: .milliseconds(elapsed))
        let last = try await test.refresh(tokens)
        let end = try test.family(of: tokens).expiresAt.seconds
        #expect(last.expiresIn == expiresIn)
        #expect(try test.claims(of: last.accessToken)["exp"] == .integer(end))
        #expect(try test.claims(of: last.accessToken)["iat"] == .integer(test.clock.now.seconds))
    }

    @Test func `a token never expires after the time until which a status list shows its session`() async throws {
        let test = try IssuerFixture.make()
        var family = try test.family(of: try await test.session())
        for (milliseconds, expiresIn) in [(2000, 2), (900, 1), (500, 0), (0, 0), (-5000, 0)] as [(Int, Int64)] {
            let end = test.clock.now + .milliseconds(milliseconds)
            family.statusListEntry?.tokensExpireAt = end
            let token = try test.issuer.accessTokens.token(
                for: family, of: try test.userRecord(), scope: "account", audiences: ["https://api.example.com"],
                at: test.clock.now)
            #expect(token.expiresIn == expiresIn)
            #expect(try test.claims(of: token.accessToken)["exp"] == .integer(end.seconds))
        }
    }

    @Test func `a verifier accepts a token with nothing but the published keys`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let policy = try VerificationPolicy(issuer: "https://id.example.com", audiences: ["https://api.example.com"])
        let time = NumericDate(test.clock.now.seconds)
        let verifier = Verifier(policy: policy, keys: try StaticKeySource(jwks: test.issuer.publishedKeys.body)) {
            time
        }
        let verified = try await verifier.verify(tokens.accessToken)
        #expect(verified.sessionID == tokens.sessionID.description)
    }

    @Test func `an issuer with an empty identifier is refused`() {
        var configuration = IssuerConfiguration.make()
        configuration.identifier = ""
        #expect(throws: ConfigurationError.self) { try IssuerFixture.make(configuration: configuration) }
    }
}
