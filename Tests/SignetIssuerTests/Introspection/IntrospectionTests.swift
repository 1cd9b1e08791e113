import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier
import Testing

@testable import SignetIssuer

@Suite struct IntrospectionTests {
    static let inactive: JSONObject = ["active": false]

    @Test func `the answer to an active access token contains its claims`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session()
        let answer = try await test.issuer.introspect(tokens.accessToken, by: client).json
        #expect(
            answer.members.map(\.name) == [
                "active", "iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope", "auth_time",
                "token_type",
            ])
        #expect(answer["active"] == true)
        #expect(answer["token_type"] == "Bearer")
        #expect(answer["sid"] == .string(tokens.sessionID.description))
    }

    @Test func `the client of a session sees its current refresh token, and the parent is inactive`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let first = try await test.session(of: client, scope: "account")
        let answer = try await test.issuer.introspect(first.refreshToken, by: client).json
        // The introspection response for a refresh token has no `aud` and no `scope`, so that a service does not accept
        // the refresh token as an access token.
        #expect(
            answer.members.map(\.name) == ["active", "iss", "sub", "exp", "iat", "client_id", "sid", "token_type"])
        #expect(answer["token_type"] == "refresh_token")
        #expect(answer["client_id"] == .string(client.id.description))
        #expect(answer["exp"] == .integer((test.clock.now + .seconds(7 * 86_400)).seconds))
        let second = try await test.refresh(first, by: client)
        #expect(try await test.issuer.introspect(first.refreshToken, by: client) == .inactive)
        #expect(try await test.issuer.introspect(second.refreshToken, by: client) != .inactive)
    }

    @Test func `a refresh token of another client or of a first-party login is inactive`() async throws {
        let test = try IssuerFixture.make()
        let (owner, other) = (try await test.client(), try await test.client(audiences: ["stock"]))
        let owned = try await test.session(of: owner, scope: "account")
        #expect(try await test.issuer.introspect(owned.refreshToken, by: owner) != .inactive)
        #expect(try await test.issuer.introspect(owned.refreshToken, by: other) == .inactive)
        let firstParty = try await test.login()
        for client in [owner, other] {
            #expect(try await test.issuer.introspect(firstParty.refreshToken, by: client) == .inactive)
        }
        _ = try await test.refresh(firstParty)
    }

    @Test func `a signed answer has a published key, and a verifier refuses it as an access token`()
        async throws
    {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session()
        let answer = try await test.issuer.introspect(tokens.accessToken, by: client)
        let signed = try test.issuer.signed(answer, for: client)
        let keys = try StaticKeySource(jwks: test.issuer.publishedKeys.body)
        let time = NumericDate(test.clock.now.seconds)
        func verifier(of types: AllowedTypes) throws -> Verifier {
            let policy = try VerificationPolicy(
                issuer: "https://id.example.com", audiences: [client.id.description, "https://api.example.com"],
                allowedTypes: types, requiredClaims: ["iat"])
            return Verifier(policy: policy, keys: keys) { time }
        }
        let verified = try await verifier(of: .only(["token-introspection+jwt"])).verify(signed)
        #expect(verified.claims["token_introspection"] == .object(answer.json))
        await #expect(throws: VerificationError(.wrongType, "")) { try await verifier(of: .accessToken).verify(signed) }
    }

    @Test func `after logout both tokens are inactive at once, and the answer has no other member`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        for token in [tokens.accessToken, tokens.refreshToken] {
            #expect(try await test.issuer.introspect(token, by: client) != .inactive)
        }
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try await test.issuer.introspect(tokens.accessToken, by: client).json == Self.inactive)
        #expect(try await test.issuer.introspect(tokens.refreshToken, by: client).json == Self.inactive)
    }

    @Test func `tokens of a disabled or deleted user are inactive`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        func expectInactive(_ tokens: IssuedTokens) async throws {
            for token in [tokens.accessToken, tokens.refreshToken] {
                #expect(try await test.issuer.introspect(token, by: client) == .inactive)
            }
        }
        try await test.administration.disableUser("ada@example.com")
        try await expectInactive(tokens)
        try await test.administration.enableUser("ada@example.com")
        try await expectInactive(tokens)
        test.clock.advance(by: .seconds(1))
        let again = try await test.login(for: client, scope: "account")
        for token in [again.accessToken, again.refreshToken] {
            #expect(try await test.issuer.introspect(token, by: client) != .inactive)
        }
        // Disable the user without revoking the session. The tokens of the session must be inactive nevertheless.
        var user = try test.userRecord()
        user.disabledAt = test.clock.now
        try await test.store.write { [user] in try $0.update(user) }
        try await expectInactive(again)
        try await test.administration.deleteUser("ada@example.com")
        try await expectInactive(again)
    }

    @Test func `expired tokens are inactive`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        test.clock.advance(by: .seconds(900))
        #expect(try await test.issuer.introspect(tokens.accessToken, by: client) == .inactive)
        #expect(try await test.issuer.introspect(tokens.refreshToken, by: client) != .inactive)
        test.clock.advance(by: .seconds(7 * 86_400))
        #expect(try await test.issuer.introspect(tokens.refreshToken, by: client) == .inactive)
    }

    @Test func `tokens of a family that was revoked for reuse are inactive`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let first = try await test.session(of: client, scope: "account")
        let second = try await test.refresh(first, by: client)
        let third = try await test.refresh(second, by: client)
        #expect(try await test.issuer.introspect(third.refreshToken, by: client) != .inactive)
        await expect(.refreshTokenDead) { try await test.refresh(first, by: client) }
        for token in [first, second, third].flatMap({ [$0.accessToken, $0.refreshToken] }) {
            #expect(try await test.issuer.introspect(token, by: client) == .inactive)
        }
    }

    @Test func `a client's own token is active as long as the client exists`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let other = try await test.client(scopes: ["a"])
        let grant = try test.issuer.clientCredentials(client: other, scope: nil)
        let answer = try await test.issuer.introspect(grant.accessToken, by: client).json
        #expect(answer["sub"] == .string(other.id.description))
        #expect(answer["scope"] == "a")
        try await test.administration.deleteClient(other.id.description)
        #expect(try await test.issuer.introspect(grant.accessToken, by: client) == .inactive)
    }

    @Test func `a token for other services is active for their clients alone`()
        async throws
    {
        let test = try IssuerFixture.make()
        let caller = try await test.client(audiences: ["stock", "https://billing.example.com"])
        let stock = try await test.client(audiences: ["stock"])
        let shop = try await test.client(audiences: ["shop", "Stock", "stock/", "https://billing.example.com/"])
        let plain = try await test.client()
        let token = try test.token(of: caller, for: ["stock"])
        #expect(try await test.issuer.introspect(token, by: stock).json["aud"] == "stock")
        #expect(try await test.issuer.introspect(token, by: caller).json["active"] == true)
        #expect(try await test.issuer.introspect(token, by: shop).json == Self.inactive)
        #expect(try await test.issuer.introspect(token, by: plain).json == Self.inactive)

        let both = try test.token(of: caller, for: ["https://billing.example.com", "stock"])
        #expect(
            try await test.issuer.introspect(both, by: stock).json["aud"] == ["https://billing.example.com", "stock"])
        #expect(try await test.issuer.introspect(both, by: shop) == .inactive)
        let shared = try test.token(of: caller, for: ["stock", "https://api.example.com"])
        for client in [caller, stock, shop, plain] {
            let answer = try await test.issuer.introspect(shared, by: client).json
            #expect(answer["aud"] == ["stock", "https://api.example.com"])
        }
        try await test.administration.deleteClient(caller.id.description)
        for token in [token, both, shared] { #expect(try await test.issuer.introspect(token, by: stock) == .inactive) }
    }

    @Test func `a token without audience is inactive`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client(audiences: ["stock"])
        let token = try test.token(of: client, for: ["stock"])
        for audience in [nil, [], .null, ""] as [JSONValue?] {
            #expect(try await test.issuer.introspect(test.copy(of: token, for: audience), by: client) == .inactive)
        }
        let copy = try test.copy(of: token, for: ["shop", "stock"])
        #expect(try await test.issuer.introspect(copy, by: client) != .inactive)
    }

    @Test func `other texts are inactive and not an error`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        let token = try #require(RefreshToken(tokens.refreshToken))
        let forged = RefreshToken(
            secretID: token.secretID, familyID: token.familyID, generation: 0, tag: [UInt8](repeating: 0, count: 32))
        for text in ["", "x", "a.b.c", forged.text, tokens.accessToken + "A", String(repeating: "x", count: 1_000_000)]
        {
            #expect(try await test.issuer.introspect(text, by: client) == .inactive)
        }
    }

    @Test func `a client without the permission may not introspect`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client(mayIntrospect: false)
        let tokens = try await test.session()
        await expect(.insufficientPermission) { try await test.issuer.introspect(tokens.accessToken, by: client) }
    }

    @Test func `answers contain no personal data`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        for token in [tokens.accessToken, tokens.refreshToken] {
            #expect(try await test.issuer.introspect(token, by: client) != .inactive)
            let text = String(
                decoding: JSONValue.object(try await test.issuer.introspect(token, by: client).json).serialized(),
                as: UTF8.self)
            for secret in ["ada@", "Ada", "192.0.2.1", "browser"] { #expect(!text.contains(secret)) }
        }
    }
}
