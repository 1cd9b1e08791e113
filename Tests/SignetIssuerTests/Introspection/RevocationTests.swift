import JOSE
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct RevocationTests {
    @Test func `revoking a refresh token ends its session`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session()
        try await test.issuer.revoke(tokens.refreshToken, by: client)
        #expect(try test.family(of: tokens).revocationReason == .clientRequest)
        #expect(try await test.issuer.introspect(tokens.accessToken, by: client) == .inactive)
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        try await test.issuer.revoke(tokens.refreshToken, by: client)
    }

    @Test func `a revoked access token stays in the store until every verifier refuses it as expired`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        let id = try #require(try test.claims(of: tokens.accessToken)["jti"]?.string)
        try await test.issuer.revoke(tokens.accessToken, by: client)
        #expect(try await test.issuer.introspect(tokens.accessToken, by: client) == .inactive)
        #expect(try await test.issuer.introspect(tokens.refreshToken, by: client) != .inactive)
        let sweeper = Sweeper(store: test.store)
        try await sweeper.sweep(at: test.clock.now + .seconds(900 + 29))
        #expect(try test.store.read { try $0.isRevoked(tokenID: id) })
        try await sweeper.sweep(at: test.clock.now + .seconds(900 + 31))
        #expect(try !test.store.read { try $0.isRevoked(tokenID: id) })
    }

    @Test func `a client may revoke its own token and no other registered client's`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let other = try await test.client(mayIntrospect: false)
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        await expect(.insufficientPermission) { try await test.issuer.revoke(grant.accessToken, by: other) }
        #expect(try await test.issuer.introspect(grant.accessToken, by: client) != .inactive)
        try await test.issuer.revoke(grant.accessToken, by: client)
        #expect(try await test.issuer.introspect(grant.accessToken, by: client) == .inactive)
    }

    @Test func `only the client that got a token for another service may revoke it`() async throws {
        let test = try IssuerFixture.make()
        let owner = try await test.client(audiences: ["stock"])
        let stock = try await test.client(audiences: ["stock"])
        let token = try test.token(of: owner, for: ["stock"])
        await expect(.insufficientPermission) { try await test.issuer.revoke(token, by: stock) }
        #expect(try await test.issuer.introspect(token, by: stock) != .inactive)
        try await test.issuer.revoke(token, by: owner)
        #expect(try await test.issuer.introspect(token, by: stock) == .inactive)
        #expect(try await test.issuer.introspect(token, by: owner) == .inactive)
    }

    @Test func `a client may not revoke another registered client's session`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session()
        let family = try test.family(of: tokens)
        let owned = FamilyRecord(
            id: .random(), userID: family.userID, clientID: .random(), scope: "", salt: family.salt,
            authenticatedAt: family.createdAt, createdAt: family.createdAt, expiresAt: family.expiresAt, generation: 0,
            secretID: family.secretID, parent: nil, rotatedAt: family.rotatedAt, idleExpiresAt: family.idleExpiresAt,
            device: "", createdAddress: "", lastUsedAddress: "")
        try await test.store.write { try $0.insert(owned) }
        let token = try test.issuer.refreshTokens.currentToken(of: owned).text
        await expect(.insufficientPermission) { try await test.issuer.revoke(token, by: client) }
        #expect(try test.store.read { try $0.family(id: owned.id) } == owned)
    }

    @Test func `revoking a malformed, forged or expired token succeeds and changes nothing`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let tokens = try await test.session(of: client, scope: "account")
        for text in ["", "x", tokens.accessToken + "A"] { try await test.issuer.revoke(text, by: client) }
        test.clock.advance(by: .seconds(900))
        try await test.issuer.revoke(tokens.accessToken, by: client)
        #expect(try await test.issuer.introspect(tokens.refreshToken, by: client) != .inactive)
    }
}
