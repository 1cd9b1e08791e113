import JOSE
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

/// Logins and refreshes whose access tokens have audiences and scopes that the operator allows.
@Suite struct LoginGrantTests {
    private static let own = "https://api.example.com"
    private static let orders = "https://orders.example.com"
    private static let configuration = IssuerConfiguration.make(
        loginAudiences: [orders, "stock"], loginScopes: ["orders:read", "orders:write"])

    private static func fixture() async throws -> IssuerFixture {
        let test = try IssuerFixture.make(configuration: configuration)
        try await test.register()
        return test
    }

    private static func login(
        at test: IssuerFixture, _ audiences: [String] = [], scope: String? = nil
    ) async throws -> IssuedTokens {
        try await test.issuer.login(
            email: "ada@example.com", password: IssuerFixture.password, from: IssuerFixture.source,
            audiences: audiences, scope: scope
        ).tokens
    }

    private static func refresh(
        _ tokens: IssuedTokens, at issuer: Issuer, scope: String? = nil, for audiences: [String] = []
    ) async throws -> IssuedTokens {
        try await issuer.refresh(
            tokens.refreshToken, scope: scope, for: AudienceRequest(resources: [], audiences: audiences),
            from: IssuerFixture.source)
    }

    private static func granted(_ tokens: IssuedTokens, at test: IssuerFixture) throws -> [JSONValue?] {
        let claims = try test.claims(of: tokens.accessToken)
        return [claims["aud"], claims["scope"]]
    }

    @Test func `a login gets the audiences and the scope that it requests, and a refresh keeps them`() async throws {
        let test = try await Self.fixture()
        let cases: [(audiences: [String], scope: String?, granted: [JSONValue?])] = [
            ([], nil, [.string(Self.own), "account"]), ([Self.own], "account", [.string(Self.own), "account"]),
            (["stock"], "orders:read", ["stock", "orders:read"]),
            ([], "account orders:write", [.string(Self.own), "account orders:write"]),
            ([Self.orders, Self.own], nil, [[.string(Self.orders), .string(Self.own)], "account"]),
        ]
        for (audiences, scope, granted) in cases {
            let first = try await Self.login(at: test, audiences, scope: scope)
            #expect(try Self.granted(first, at: test) == granted)
            test.clock.advance(by: .seconds(60))
            let second = try await Self.refresh(first, at: test.issuer)
            #expect(try Self.granted(second, at: test) == granted)
            // A repeated request within the reuse window gets the same.
            #expect(try Self.granted(try await Self.refresh(first, at: test.issuer), at: test) == granted)
            #expect(.string(second.scope) == granted[1])
        }
    }

    @Test func `an access token keeps the claims of RFC 9068 in their order`() async throws {
        let test = try await Self.fixture()
        let tokens = try await Self.login(at: test, ["stock"], scope: "orders:read")
        let names = try test.claims(of: tokens.accessToken).members.map(\.name)
        #expect(
            names == ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "sid", "scope", "auth_time", "status"])
    }

    @Test func `a login that requests more than the operator allows is refused with all faults and changes nothing`()
        async throws
    {
        let test = try await Self.fixture()
        let before = try test.dump()
        let error = await expect(.invalidInput) {
            try await Self.login(at: test, ["stock", "shop"], scope: "account admin")
        }
        #expect(error?.fields.map(\.field) == ["audience", "scope"])
        #expect(error?.fields.allSatisfy { $0.code == .invalidValue } == true)
        #expect(error?.fields.contains { $0.message.contains("shop") || $0.message.contains("admin") } == false)
        let plain = try IssuerFixture.make()
        try await plain.register()
        await expect(.invalidInput) { try await Self.login(at: plain, ["stock"]) }
        await expect(.invalidInput) { try await Self.login(at: plain, scope: "orders:read") }
        #expect(try test.dump() == before)
    }

    @Test func `a refused audience or scope of a login is recorded once, without what the caller sent`() async throws {
        let test = try await Self.fixture()
        for _ in 0..<3 { await expect(.invalidInput) { try await Self.login(at: test, ["shop"]) } }
        await expect(.invalidInput) { try await Self.login(at: test, scope: "admin") }
        await expect(.invalidInput) {
            try await Self.login(at: test, [String](repeating: "stock", count: 9))
        }
        let refusals = try await test.audit().filter { $0.outcome == .refused }
        #expect(Set(refusals.map(\.type)) == [.login])
        let counts = Dictionary(refusals.map { ($0.reason, $0.count) }, uniquingKeysWith: +)
        #expect(counts == ["audience_not_allowed": 3, "scope_not_allowed": 1])
        for record in refusals {
            #expect(record.actor == .anonymous && record.subject == nil && record.object.isEmpty)
            #expect(record.address == IssuerFixture.source.address)
        }
    }

    @Test func `a refresh may narrow one access token, and the session keeps its grant`() async throws {
        let test = try await Self.fixture()
        let first = try await Self.login(at: test, [Self.orders, "stock"], scope: "account orders:read")
        let narrow = try await Self.refresh(first, at: test.issuer, scope: "orders:read", for: ["stock"])
        #expect(try Self.granted(narrow, at: test) == ["stock", "orders:read"])
        let whole = try await Self.refresh(narrow, at: test.issuer)
        #expect(
            try Self.granted(whole, at: test) == [[.string(Self.orders), "stock"], "account orders:read"])
    }

    @Test func `a refresh for more than the login granted is refused, recorded and does not use up the token`()
        async throws
    {
        let test = try await Self.fixture()
        let first = try await Self.login(at: test, ["stock"], scope: "orders:read")
        let before = try test.dump()
        // All of this is allowed for a login, but this login did not request it.
        for audiences in [[Self.own], [Self.orders], ["stock", Self.own]] {
            await expect(.invalidTarget) { try await Self.refresh(first, at: test.issuer, for: audiences) }
        }
        for scope in ["account", "orders:read orders:write"] {
            await expect(.invalidScope) { try await Self.refresh(first, at: test.issuer, scope: scope) }
        }
        #expect(try test.dump() == before)
        let user = try test.userRecord().id
        let refusals = try await test.audit().filter { $0.type == .refreshRefused }
        #expect(
            Dictionary(refusals.map { ($0.reason, $0.count) }, uniquingKeysWith: +)
                == ["audience_not_allowed": 3, "scope_not_allowed": 2])
        for record in refusals {
            #expect(record.outcome == .refused && record.actor == .user(user) && record.subject == user)
            #expect(record.familyID == first.sessionID)
        }
        #expect(try Self.granted(try await Self.refresh(first, at: test.issuer), at: test) == ["stock", "orders:read"])
    }

    @Test func `a session loses what the operator withdraws, gets it back with the setting, and nothing new`()
        async throws
    {
        let test = try await Self.fixture()
        func node(_ audiences: [String], _ scopes: [String]) throws -> Issuer {
            try test.issuer(on: test.store, configuration: .make(loginAudiences: audiences, loginScopes: scopes))
        }
        var tokens = try await Self.login(at: test, [Self.orders, "stock"], scope: "account orders:read")
        let less = try node(["stock", "shop"], ["orders:write"])
        tokens = try await Self.refresh(tokens, at: less)
        #expect(try Self.granted(tokens, at: test) == ["stock", "account"])
        await expect(.invalidTarget) { try await Self.refresh(tokens, at: less, for: [Self.orders]) }
        await expect(.invalidScope) { try await Self.refresh(tokens, at: less, scope: "orders:read") }

        let before = try test.dump()
        for (audiences, scopes) in [([], ["orders:read"]), (["shop"], ["orders:read"])] as [([String], [String])] {
            let none = try node(audiences, scopes)
            await expect(.refreshTokenDead) { try await Self.refresh(tokens, at: none) }
            await expect(.refreshTokenDead) { try await Self.refresh(tokens, at: none, for: [Self.own]) }
            try await none.audit.flush(everything: true)
        }
        #expect(try test.dump() == before)
        #expect(try test.recorded().contains { $0.type == .refreshRefused && $0.reason == "grant_withdrawn" })

        tokens = try await Self.refresh(tokens, at: test.issuer)
        #expect(try Self.granted(tokens, at: test) == [[.string(Self.orders), "stock"], "account orders:read"])
    }

    @Test func `an old token ends its session whatever it requests`() async throws {
        let test = try await Self.fixture()
        let first = try await Self.login(at: test, ["stock"])
        _ = try await Self.refresh(try await Self.refresh(first, at: test.issuer), at: test.issuer)
        await expect(.refreshTokenDead) { try await Self.refresh(first, at: test.issuer, for: [Self.own]) }
        #expect(try test.family(of: first).revocationReason == .reuse)
    }

    @Test func `a session that began before logins had audiences keeps the issuer's own audience`() async throws {
        let test = try await Self.fixture()
        let tokens = try await test.login()
        #expect(try test.family(of: tokens).audiences == [])
        await expect(.invalidTarget) { try await Self.refresh(tokens, at: test.issuer, for: ["stock"]) }
        let next = try await Self.refresh(tokens, at: test.issuer, for: [Self.own])
        #expect(try Self.granted(next, at: test) == [.string(Self.own), "account"])
    }

    // MARK: - Where the tokens are good

    @Test func `a token for another audience opens the issuer's API only if it also names the issuer's audience`()
        async throws
    {
        let test = try await Self.fixture()
        for (audiences, isAccepted) in [
            ([Self.own], true), (["stock"], false), (["stock", Self.own], true), ([Self.orders, "stock"], false),
        ] {
            let tokens = try await Self.login(at: test, audiences)
            if isAccepted {
                #expect(try await test.issuer.profile(accessToken: tokens.accessToken).email == "ada@example.com")
            } else {
                await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: tokens.accessToken) }
                await expect(.tokenInvalid) {
                    try await test.issuer.sessions(accessToken: tokens.accessToken, after: nil, limit: 1)
                }
            }
        }
    }

    @Test func `a token without the scope account does not open the issuer's API`() async throws {
        let test = try await Self.fixture()
        let narrow = try await Self.login(at: test, scope: "orders:read")
        let token = narrow.accessToken
        await expect(.insufficientScope) { try await test.issuer.profile(accessToken: token) }
        await expect(.insufficientScope) { try await test.issuer.sessions(accessToken: token, after: nil, limit: 1) }
        await expect(.insufficientScope) {
            try await test.issuer.revokeSession("\(narrow.sessionID)", accessToken: token)
        }
        await expect(.insufficientScope) {
            try await test.issuer.changePassword(
                accessToken: token, current: IssuerFixture.password, new: "battery staple", from: IssuerFixture.source)
        }
        let both = try await Self.login(at: test, scope: "orders:read account")
        _ = try await test.issuer.profile(accessToken: both.accessToken)
    }

    @Test func `introspection shows a user's token only to clients of its audiences`() async throws {
        let test = try await Self.fixture()
        let stock = try await test.client(audiences: ["stock"])
        let other = try await test.client(audiences: [Self.orders])
        let tokens = try await Self.login(at: test, ["stock"], scope: "orders:read")
        let answer = try await test.issuer.introspect(tokens.accessToken, by: stock).json
        #expect(answer["aud"] == "stock" && answer["scope"] == "orders:read")
        #expect(try await test.issuer.introspect(tokens.accessToken, by: other) == .inactive)
        try await test.issuer.logout(refreshToken: tokens.refreshToken)
        #expect(try await test.issuer.introspect(tokens.accessToken, by: stock) == .inactive)
    }

    @Test func `the largest token of a user fits a header field of 8 KiB`() async throws {
        let audiences = (0..<LoginPolicy.maximumAudiences).map { index in
            String(repeating: "a", count: Audience.maximumLength - 1) + String(index)
        }
        let scopes = (0..<63).map { index in String(repeating: "s", count: 13) + String(10 + index) }
        let test = try IssuerFixture.make(
            configuration: .make(loginAudiences: audiences, loginScopes: scopes))
        let roles = (0..<RegistrationForm.maximumRoles).map { index in
            String(repeating: "r", count: RegistrationForm.maximumRoleLength - 2) + String(10 + index)
        }
        _ = try await test.administration.createUser(
            name: "Ada", email: "ada@example.com", password: IssuerFixture.password, roles: roles,
            passwordMinimumLength: 8, passwords: test.passwords)
        let tokens = try await Self.login(at: test, audiences, scope: (["account"] + scopes).joined(separator: " "))
        #expect("Authorization: Bearer \(tokens.accessToken)".utf8.count < 8190)
        let refreshed = try await Self.refresh(tokens, at: test.issuer)
        #expect(try test.claims(of: refreshed.accessToken)["aud"]?.array?.count == LoginPolicy.maximumAudiences)
    }
}
