import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier
import Testing

@testable import SignetIssuer

@Suite struct StatusListTests {
    @Test
    func `a verifier refuses a session within 15 seconds of its logout with a few requests in all`()
        async throws
    {
        let harness = try StatusHarness()
        let test = harness.test
        let ended = try await test.session()
        let other = try await test.login()
        let verifier = try harness.verifier()
        for _ in 0..<100 {
            _ = try await verifier.verify(ended.accessToken)
            _ = try await verifier.verify(other.accessToken)
        }
        #expect(harness.requestCount == 1)

        try await test.issuer.logout(refreshToken: ended.refreshToken)
        var refusedAfter: Int?
        for second in 0...60 {
            do {
                _ = try await verifier.verify(ended.accessToken)
                #expect(refusedAfter == nil, "a refused token is never accepted again")
            } catch {
                #expect(error.code == .revoked)
                #expect(error.challenge.status == 401 && error.challenge.error == "invalid_token")
                refusedAfter = refusedAfter ?? second
            }
            #expect(try await verifier.verify(other.accessToken).sessionID == other.sessionID.description)
            test.clock.advance(by: .seconds(1))
        }
        #expect(try #require(refusedAfter) <= 15)
        #expect(harness.requestCount <= 8)
    }

    @Test func `all access tokens of a session name the same entry`() async throws {
        let harness = try StatusHarness()
        let test = harness.test
        let first = try await test.session()
        let entry = try #require(try test.family(of: first).statusListEntry)
        let status = try test.claims(of: first.accessToken)["status"]
        #expect(
            status
                == .object([
                    "status_list": .object([
                        "idx": .integer(Int64(entry.index.offset)),
                        "uri": "https://id.example.com/.well-known/status-lists/0",
                    ])
                ]))
        // No access token of the session so far can expire later than `tokensExpireAt`. For 30 s, the client may repeat
        // a refresh to get another access token, which lives 15 minutes.
        #expect(entry.tokensExpireAt == test.clock.now + .seconds(930))
        test.clock.advance(by: .seconds(100))
        let second = try await test.refresh(first)
        test.clock.advance(by: .seconds(9))
        let replayed = try await test.refresh(first)
        #expect(try test.claims(of: second.accessToken)["status"] == status)
        #expect(try test.claims(of: replayed.accessToken)["status"] == status)
        let later = try #require(try test.family(of: first).statusListEntry)
        #expect(later.index == entry.index)
        #expect(later.tokensExpireAt == entry.tokensExpireAt + .seconds(100))
        #expect(try await !harness.isSet(first))
    }

    /// An operation that ends a session.
    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let act: @Sendable (IssuerFixture, IssuedTokens) async throws -> Void
    }

    static let endings = [
        Ending(testDescription: "logout") { try await $0.issuer.logout(refreshToken: $1.refreshToken) },
        Ending(testDescription: "reuse") { test, tokens in
            _ = try await test.refresh(test.refresh(tokens))
            _ = try? await test.refresh(tokens)
        },
        Ending(testDescription: "an administrator") { test, _ in
            try await test.administration.revokeSessions(of: "ada@example.com")
        },
        Ending(testDescription: "deletion of the account") { test, _ in
            try await test.administration.deleteUser("ada@example.com")
        },
        Ending(testDescription: "all sessions at once") { test, tokens in
            try await test.issuer.revokeSessions(accessToken: tokens.accessToken, includingCurrent: true)
        },
        Ending(testDescription: "a disabled account") { test, _ in
            try await test.administration.disableUser("ada@example.com")
        },
    ]

    @Test(arguments: endings)
    func `every way to end a session sets its status list entry and no other`(_ ending: Ending) async throws {
        let harness = try StatusHarness()
        let tokens = try await harness.test.session()
        let bystander = try await harness.test.session(email: "bob@example.com")
        #expect(try await !harness.isSet(tokens))
        try await ending.act(harness.test, tokens)
        #expect(try await harness.isSet(tokens))
        #expect(try await !harness.isSet(bystander))
    }

    @Test func `enabling an account does not reset the entries of its ended sessions`()
        async throws
    {
        let harness = try StatusHarness()
        let ended = try await harness.test.session()
        try await harness.test.administration.disableUser("ada@example.com")
        try await harness.test.administration.enableUser("ada@example.com")
        let next = try await harness.test.login()
        #expect(try await harness.isSet(ended))
        #expect(try await !harness.isSet(next))
    }

    @Test func `a session without a status list entry gets one at its next rotation`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        var old = try test.family(of: first)
        old.statusListEntry = nil
        let before = old
        try await test.store.write { try $0.update(before) }
        let second = try await test.refresh(first)
        #expect(try test.claims(of: second.accessToken)["status"] != nil)
        #expect(try test.family(of: first).statusListEntry?.tokensExpireAt == test.clock.now + .seconds(930))
    }

    @Test func `without status lists tokens have no status claim and no list is served`() async throws {
        var configuration = IssuerConfiguration.make()
        configuration.statusListFreshness = nil
        let test = try IssuerFixture.make(configuration: configuration)
        let first = try await test.session()
        let second = try await test.refresh(first)
        for tokens in [first, second] { #expect(try test.claims(of: tokens.accessToken)["status"] == nil) }
        #expect(try test.family(of: first).statusListEntry == nil)
        #expect(try await test.issuer.statusList(0) == nil)
    }

    @Test func `a list has the header and claims of the draft`() async throws {
        let harness = try StatusHarness()
        #expect(try await harness.test.issuer.statusList(0) == nil)
        _ = try await harness.test.session()
        let now = harness.test.clock.now.seconds
        let claims = try await harness.claims()
        #expect(claims.members.map(\.name) == ["iss", "sub", "iat", "exp", "ttl", "status_list"])
        #expect(claims["iss"] == "https://id.example.com")
        #expect(claims["sub"] == "https://id.example.com/.well-known/status-lists/0")
        #expect(claims["iat"] == .integer(now))
        #expect(claims["exp"] == .integer(now + 3600))
        #expect(claims["ttl"] == 9)
        #expect(claims["status_list"]?.object?["bits"] == 1)
        let list = try #require(try await harness.test.issuer.statusList(0))
        #expect(list.maxAge == 9)
        let header = try #require(list.body.split(separator: UInt8(ascii: ".")).first)
        let kid = try #require(harness.test.keyring.listing(at: harness.test.clock.now).first?.keyID)
        #expect(
            try JSONObject(parsing: try #require(Base64URL.decode(header)))
                == ["alg": "RS256", "typ": "statuslist+jwt", "kid": .string(kid)])
        for number in [-1, 1, 8191, 8192, .max] { #expect(try await harness.test.issuer.statusList(number) == nil) }
    }

    @Test func `a list with the same content keeps its entity tag for half its lifetime`() async throws {
        let harness = try StatusHarness()
        let tokens = try await harness.test.session()
        func tag() async throws -> String { try #require(try await harness.test.issuer.statusList(0)).entityTag }
        let first = try await tag()
        harness.test.clock.advance(by: .seconds(1799))
        #expect(try await tag() == first)
        harness.test.clock.advance(by: .seconds(10))
        let second = try await tag()
        #expect(second != first)
        try await harness.test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try await tag() == second, "a list is built at most once a period")
        harness.test.clock.advance(by: .seconds(6))
        #expect(try await tag() != second)
    }

    @Test func `an entry is cleared after every verifier refuses the session's tokens as expired`() async throws {
        let harness = try StatusHarness()
        let tokens = try await harness.test.session()
        let entry = try #require(try harness.test.family(of: tokens).statusListEntry)
        try await harness.test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try await harness.isSet(tokens))
        harness.test.clock.advance(by: entry.revokedUntil.since(harness.test.clock.now) - .seconds(16))
        #expect(try await harness.isSet(tokens))
        #expect(try await !harness.isSet(tokens))
    }
}
