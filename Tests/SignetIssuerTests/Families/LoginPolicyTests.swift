import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginPolicyTests {
    private static let own = "https://api.example.com"
    private static let orders = "https://orders.example.com"
    private static let start = WallClock.start
    private static let closed = LoginPolicy(ownAudience: own)
    private static let open = LoginPolicy(
        ownAudience: own, audiences: [orders, "stock"], scopes: ["orders:read", "orders:write"])

    private static func family(
        audiences: [String], scope: String = FirstParty.scope, clientID: ClientID? = nil
    ) -> FamilyRecord {
        let sample = FamilyRecord.atLogin(
            of: .random(), at: start, scope: scope, audiences: audiences, from: .unknown,
            policy: RotationPolicy(
                reuseWindow: .seconds(30), idleLifetime: .seconds(60), secretID: 1, accessTokenLifetime: .seconds(9),
                address: ""),
            sessionLifetime: .seconds(60))
        guard let clientID else { return sample }
        return FamilyRecord(
            id: sample.id, userID: sample.userID, clientID: clientID, scope: scope, salt: sample.salt,
            authenticatedAt: start, createdAt: start, expiresAt: sample.expiresAt, generation: 0, secretID: 1,
            parent: nil, rotatedAt: start, idleExpiresAt: sample.idleExpiresAt, device: "", createdAddress: "",
            lastUsedAddress: "")
    }

    // MARK: - A login's request

    @Test func `a login that requests nothing is for the issuer's own audience and has the scope account`() throws {
        for policy in [Self.closed, Self.open] {
            #expect(try policy.checked(audiences: []) == [])
            #expect(try policy.checked(audiences: [Self.own, Self.own]) == [])
            for text in [nil, "", "account", "account account"] {
                #expect(try policy.checked(scope: text) == "account")
            }
            #expect(policy.grant(audiences: [], scope: "account").audiences == [Self.own])
        }
    }

    @Test func `a login gets the allowed audiences and scope values that it requests, and no others`() throws {
        #expect(try Self.open.checked(audiences: ["stock", "stock"]) == ["stock"])
        #expect(try Self.open.checked(audiences: [Self.orders, Self.own]) == [Self.orders, Self.own])
        #expect(try Self.open.checked(scope: "orders:read orders:read") == "orders:read")
        #expect(try Self.open.checked(scope: "orders:write account") == "orders:write account")
        #expect(Self.open.scopes == ["account", "orders:read", "orders:write"])
        #expect(Self.closed.scopes == ["account"])
        #expect(LoginPolicy(ownAudience: Self.own, scopes: ["account", "a"]).scopes == ["account", "a"])
    }

    @Test(arguments: ["Stock", "stock ", "", "https://orders.example.com/", "*", "stoc\u{212A}", "\u{0}"])
    func `an audience that is not listed byte for byte refuses the whole request`(name: String) {
        for names in [[name], ["stock", name], [name, Self.own]] {
            let fault = #expect(throws: FieldError.self) { try Self.open.checked(audiences: names) }
            #expect(fault?.field == "audience" && fault?.code == .invalidValue)
        }
        #expect(throws: FieldError.self) { try Self.closed.checked(audiences: [Self.orders]) }
    }

    @Test(arguments: ["admin", "orders:read admin", "Account", "account  orders:read", " account", "account\n", "a\"b"])
    func `a scope that is malformed or not listed is refused`(scope: String) {
        let fault = #expect(throws: FieldError.self) { try Self.open.checked(scope: scope) }
        #expect(fault?.field == "scope" && fault?.code == .invalidValue)
        #expect(throws: FieldError.self) { try Self.closed.checked(scope: "account orders:read") }
    }

    @Test func `a login may name at most eight audiences`() throws {
        let names = (0..<20).map { "a\($0)" }
        let policy = LoginPolicy(ownAudience: Self.own, audiences: names)
        #expect(try policy.checked(audiences: Array(names.prefix(8))).count == 8)
        let fault = #expect(throws: FieldError.self) { try policy.checked(audiences: Array(names.prefix(9))) }
        #expect(fault?.code == .tooLong)
        #expect(throws: FieldError.self) {
            try policy.checked(audiences: [String](repeating: "a1", count: 10_000))
        }
    }

    // MARK: - What is left later

    @Test func `a session keeps what its login granted while the operator allows it`() throws {
        let family = Self.family(audiences: [Self.orders, Self.own], scope: "orders:read account")
        #expect(
            Self.open.grant(of: family)
                == LoginGrant(audiences: [Self.orders, Self.own], scope: "orders:read account"))
    }

    @Test func `a session gets no audience or scope value that the operator has withdrawn`() throws {
        let family = Self.family(audiences: [Self.orders, "stock"], scope: "orders:read account")
        let less = LoginPolicy(ownAudience: Self.own, audiences: ["stock", "new"], scopes: ["orders:write"])
        #expect(less.grant(of: family) == LoginGrant(audiences: ["stock"], scope: "account"))
        // A session for another audience never falls back to the issuer's own audience, which it did not request.
        #expect(Self.closed.grant(of: family) == nil)
        #expect(Self.closed.grant(of: Self.family(audiences: [], scope: "orders:read")) == nil)
    }

    @Test func `a session for the issuer's own audience follows its new name`() throws {
        let renamed = LoginPolicy(ownAudience: "https://new.example.com")
        let family = Self.family(audiences: try Self.open.checked(audiences: [Self.own]))
        #expect(renamed.grant(of: family)?.audiences == ["https://new.example.com"])
    }

    @Test func `the settings for logins do not limit the session of a registered client`() throws {
        for scope in ["", "admin"] {
            let family = Self.family(audiences: [], scope: scope, clientID: .random())
            #expect(Self.closed.grant(of: family) == LoginGrant(audiences: [Self.own], scope: scope))
        }
    }

    // MARK: - A refresh request

    @Test func `a refresh may request a part of the grant`() throws {
        let grant = LoginGrant(audiences: [Self.orders, "stock"], scope: "account orders:read")
        #expect(try grant.narrowed(to: nil, for: .unspecified) == grant)
        let target = AudienceRequest(resources: [Self.orders], audiences: [])
        #expect(
            try grant.narrowed(to: Scope("orders:read"), for: target)
                == LoginGrant(audiences: [Self.orders], scope: "orders:read"))
        #expect(throws: IssuerError(.invalidScope, "")) { try grant.narrowed(to: Scope("admin"), for: target) }
        for names in [[Self.own], [Self.orders, Self.own], ["Stock"]] {
            #expect(throws: IssuerError(.invalidTarget, "")) {
                try grant.narrowed(to: nil, for: AudienceRequest(resources: [], audiences: names))
            }
        }
        #expect(throws: IssuerError(.invalidTarget, "")) {
            try grant.narrowed(to: nil, for: AudienceRequest(resources: ["stock"], audiences: []))
        }
    }
}
