import SignetClient
import SignetTesting
import Testing

@Suite("An issuer for tests")
struct TestIssuerTests {
    @Test(arguments: TokenFault.all)
    func `mints each fault so that a verifier reports its code`(fault: TokenFault) async throws {
        let issuer = try Self.shared.get()
        let verifier = try issuer.verifier()
        await #expect(throws: VerificationError(fault.code, "")) {
            try await verifier.verify(issuer.token(fault: fault))
        }
    }

    @Test func `adds and replaces claims`() async throws {
        let issuer = try Self.shared.get()
        let token = try await issuer.verifier().verify(
            issuer.token(subject: "ada", roles: ["admin"], claims: ["tenant": 7, "sub": "bob"]))
        #expect(token.subject == "bob")
        #expect(token["tenant"] == 7)
        #expect(token.roles == ["admin"])
    }

    @Test func `rotates and withdraws keys, and a verifier sees it at once`() async throws {
        let issuer = try TestIssuer()
        let verifier = try issuer.verifier()
        let first = issuer.keyID
        let old = try issuer.token()
        let second = try issuer.rotateKey()
        #expect(issuer.keyID == second)
        #expect(try await verifier.verify(issuer.token()).keyID == second)
        #expect(try await verifier.verify(old).keyID == first)
        issuer.withdrawKey(second)
        issuer.withdrawKey(first)
        await #expect(throws: VerificationError(.unknownKey, "")) { try await verifier.verify(old) }
        #expect(try await verifier.verify(issuer.token()).keyID == second)
    }

    @Test func `serves metadata and keys in process, and can be taken down and up again`() async throws {
        let issuer = try TestIssuer()
        let source = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
        let verifier = Verifier(policy: try issuer.policy(), keys: source)
        issuer.goDown()
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await verifier.verify(issuer.token()) }
        await #expect(throws: VerificationError(.keysUnavailable, "")) {
            try await issuer.verifier().verify(issuer.token())
        }
        issuer.comeBack()
        let again = Verifier(
            policy: try issuer.policy(), keys: try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer))
        #expect(try await again.verify(issuer.token()).subject == "user-1")
        let missing = try await issuer.fetch(
            HTTPFetchRequest(url: "\(issuer.issuer)/other", timeout: .seconds(1), maximumBodyBytes: 1))
        #expect(missing.status == 404)
    }

    @Test func `gives each issuer its own kid, and a token any typ or none`() async throws {
        let own = try TestIssuer(issuer: "https://own.test/a")
        #expect(own.keyID == "own.test/a-key-1")
        #expect(try own.rotateKey() == "own.test/a-key-2")
        #expect(try TestIssuer(keyName: "main").keyID == "main-1")
        for type in ["JWT", nil] {
            let header = try UnverifiedToken(peekingAt: own.token(type: type)).unverifiedHeader
            #expect(header["typ"]?.string == type)
            await #expect(throws: VerificationError(.wrongType, "")) {
                try await own.verifier().verify(own.token(type: type))
            }
        }
    }

    @Test func `introspects tokens for its clients, until their session ends or their status is revoked`() async throws
    {
        let issuer = try TestIssuer()
        issuer.addClient(id: "orders", secret: "secret")
        func client(_ secret: String = "secret") throws -> IntrospectionClient {
            try IntrospectionClient(
                endpoint: issuer.introspectionURL, clientID: "orders", clientSecret: secret, fetcher: issuer)
        }
        let token = try issuer.token(subject: "ada", scopes: ["a"], sessionID: "s-1")
        guard case .active(let answer) = try await client().introspect(token) else {
            Issue.record("expected an active token")
            return
        }
        #expect(answer.subject == "ada" && answer.scopes == ["a"] && answer.tokenType == "Bearer")
        issuer.endSession("s-1")
        #expect(try await client().introspect(token) == .inactive)
        #expect(try await client().introspect(issuer.token(fault: .expired)) == .inactive)
        let listed = try issuer.token(statusIndex: 3)
        #expect(try await client().introspect(listed) != .inactive)
        issuer.revoke(statusIndex: 3)
        #expect(try await client().introspect(listed) == .inactive)
        await #expect(throws: VerificationError(.introspectionUnavailable, "")) {
            try await client("wrong").introspect(token)
        }
    }

    @Test func `serves the sessions of a client: login, refresh, lost answers and logout`() async throws {
        let issuer = try TestIssuer()
        issuer.addUser(email: "ada@example.com", password: "secret", name: "Ada", id: "ada")
        let session = try UserSession(
            issuer: issuer.issuer, fetcher: issuer, environment: .init(sleep: { _ in }))
        await #expect(throws: ClientError(.invalidCredentials, "")) {
            try await session.logIn(email: "ada@example.com", password: "wrong")
        }
        let user = try await session.logIn(email: "ada@example.com", password: "secret")
        #expect(user == SessionUser(id: "ada", name: "Ada", email: "ada@example.com"))
        let first = try await session.accessToken()
        #expect(try await issuer.verifier(requiredScopes: ["account"]).verify(first).subject == "ada")

        issuer.loseAnswers(2)
        let second = try await session.accessToken(insteadOf: first)
        #expect(second != first)
        #expect(issuer.requests.filter { $0.url.hasSuffix("/api/refresh-token") }.count == 3)
        #expect(try await session.accessToken(insteadOf: second) != second)

        let sessionID = try #require(issuer.sessionIDs.first)
        issuer.endSession(sessionID)
        let third = try await session.accessToken()
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken(insteadOf: third) }
        try await session.logIn(email: "ada@example.com", password: "secret")
        try await session.logOut()
        #expect(issuer.sessionIDs.isEmpty)
    }

    @Test func `gives a login only the audiences and scopes that the test allows, and keeps them at a refresh`()
        async throws
    {
        let issuer = try TestIssuer()
        issuer.addUser(email: "ada@example.com", password: "secret")
        let session = try UserSession(issuer: issuer.issuer, fetcher: issuer)
        func logIn(_ audiences: Set<String>, _ scopes: Set<String>) async throws {
            try await session.logIn(
                email: "ada@example.com", password: "secret", audiences: audiences, scopes: scopes)
        }
        for (audiences, scopes) in [(["orders"], []), ([], ["orders:read"])] as [(Set<String>, Set<String>)] {
            await #expect(throws: ClientError(.invalidInput, "")) { try await logIn(audiences, scopes) }
        }
        issuer.allowLogins(audiences: ["orders"])
        issuer.allowLogins(scopes: ["orders:read"])
        try await logIn(["orders", issuer.audience], ["account", "orders:read"])
        let first = try await session.accessToken()
        for token in [first, try await session.accessToken(insteadOf: first)] {
            let verified = try await issuer.verifier().verify(token)
            #expect(Set(verified.audience) == ["orders", issuer.audience])
            #expect(verified.scopes == ["account", "orders:read"])
        }
        try await logIn(["orders"], ["orders:read"])
        let narrow = try await session.accessToken()
        await #expect(throws: VerificationError(.wrongAudience, "")) { try await issuer.verifier().verify(narrow) }
    }

    @Test func `ends a session whose old refresh token is used again`() async throws {
        let issuer = try TestIssuer()
        issuer.addUser(email: "ada@example.com", password: "secret")
        let storage = MemoryTokenStorage()
        let session = try UserSession(issuer: issuer.issuer, storage: storage, fetcher: issuer)
        try await session.logIn(email: "ada@example.com", password: "secret")
        let stolen = try #require(storage.load())
        for _ in 0..<2 { _ = try await session.accessToken(insteadOf: session.accessToken()) }
        let thief = try UserSession(issuer: issuer.issuer, storage: MemoryTokenStorage(stolen), fetcher: issuer)
        await #expect(throws: ClientError(.sessionEnded, "")) {
            try await thief.accessToken(insteadOf: stolen.accessToken)
        }
        #expect(issuer.sessionIDs.isEmpty)
    }

    @Test func `gives clients tokens for themselves`() async throws {
        let issuer = try TestIssuer()
        issuer.addClient(id: "shop", secret: "secret", scopes: ["orders:read"])
        func source(_ scopes: Set<String>, secret: String = "secret") throws -> ClientCredentialsTokenSource {
            try ClientCredentialsTokenSource(
                issuer: issuer.issuer, clientID: "shop", clientSecret: secret, scopes: scopes, fetcher: issuer)
        }
        let token = try await issuer.verifier().verify(source([]).accessToken())
        #expect(token.subject == "shop" && token.scopes == ["orders:read"] && token.sessionID == nil)
        await #expect(throws: ClientError(.notPermitted, "")) { try await source(["orders:write"]).accessToken() }
        await #expect(throws: ClientError(.invalidClient, "")) { try await source([], secret: "x").accessToken() }
    }

    private static let shared = Result { try TestIssuer() }
}
