// snippet: imports
import SignetClient
import SignetTesting
import Testing

// end

/// The example tests of the documentation page SignetTesting.md. This test target compiles and runs them.
struct SignetTestingArticle {
    // snippet: whole test
    @Test func `only a token that may read orders is good here`() async throws {
        let issuer = try TestIssuer()
        let verifier = try issuer.verifier(requiredScopes: ["orders:read"])
        let good = try issuer.token(subject: "ada", scopes: ["orders:read"])
        #expect(try await verifier.verify(good).subject == "ada")
        await #expect(throws: VerificationError(.insufficientScope, "")) {
            try await verifier.verify(issuer.token(subject: "ada"))
        }
    }
    // end

    // snippet: faults
    static let issuer = Result { try TestIssuer() }

    @Test(arguments: TokenFault.all)
    func `no faulty token is let in`(fault: TokenFault) async throws {
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        await #expect(throws: VerificationError(fault.code, "")) {
            try await verifier.verify(issuer.token(fault: fault))
        }
    }
    // end

    // snippet: claims
    @Test func `a token names its tenant`() async throws {
        let issuer = try TestIssuer(issuer: "https://login.example", audience: "orders")
        let token = try issuer.token(roles: ["admin"], claims: ["tenant": "acme", "limits": ["orders": 10]])
        let verified = try await issuer.verifier().verify(token)
        #expect(verified.roles == ["admin"])
        #expect(verified["tenant"] == "acme")
        #expect(verified["limits"]?.object?["orders"] == 10)
    }
    // end

    // snippet: time
    @Test func `a token dies 30 seconds after its end`() async throws {
        let issuer = try TestIssuer(now: { NumericDate(1_800_000_000) })
        let token = try issuer.token(lifetime: .seconds(60))
        let verifier = try issuer.verifier()
        let keys = try KeySet(jwks: issuer.jwks)
        _ = try verifier.verify(token, with: keys, at: NumericDate(1_800_000_089))
        #expect(throws: VerificationError(.expired, "")) {
            try verifier.verify(token, with: keys, at: NumericDate(1_800_000_090))
        }
    }
    // end

    // snippet: outage
    @Test func `a service without keys says that it cannot tell`() async throws {
        let issuer = try TestIssuer()
        let keys = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys)
        let token = try issuer.token()
        issuer.goDown()
        let error = await #expect(throws: VerificationError.self) { try await verifier.verify(token) }
        #expect(error?.code == .keysUnavailable)
        #expect(error?.challenge.status == 503)
    }
    // end

    // snippet: rotation
    @Test func `a new key is found, and a withdrawn one is refused`() async throws {
        let issuer = try TestIssuer()
        let verifier = try issuer.verifier()
        let old = try issuer.token()
        let leaked = issuer.keyID
        try issuer.rotateKey()
        _ = try await verifier.verify(issuer.token())
        _ = try await verifier.verify(old)
        issuer.withdrawKey(leaked)
        await #expect(throws: VerificationError(.unknownKey, "")) { try await verifier.verify(old) }
    }
    // end

    // snippet: introspection
    @Test func `a payment needs a session that is still there`() async throws {
        let issuer = try TestIssuer()
        issuer.addClient(id: "orders", secret: "secret")
        let client = try IntrospectionClient(
            endpoint: issuer.introspectionURL, clientID: "orders", clientSecret: "secret", fetcher: issuer)
        let token = try issuer.token(sessionID: "s-1")
        #expect(try await client.requireActive(token).subject == "user-1")
        issuer.endSession("s-1")
        await #expect(throws: VerificationError(.tokenInactive, "")) { try await client.requireActive(token) }
    }
    // end

    // snippet: sessions
    @Test func `an app keeps its session when answers get lost`() async throws {
        let issuer = try TestIssuer()
        issuer.addUser(email: "ada@example.com", password: "secret", id: "ada")
        let session = try UserSession(
            issuer: issuer.issuer, fetcher: issuer, environment: ClientEnvironment(sleep: { _ in }))
        #expect(try await session.logIn(email: "ada@example.com", password: "secret").id == "ada")
        let token = try await session.accessToken()
        issuer.loseAnswers(2)
        #expect(try await session.accessToken(insteadOf: token) != token)
    }
    // end

    // snippet: login for a scope
    @Test func `a login for orders reads orders`() async throws {
        let issuer = try TestIssuer(audience: "https://orders.example.com")
        issuer.addUser(email: "ada@example.com", password: "secret")
        issuer.allowLogins(scopes: ["orders:read"])
        let session = try UserSession(issuer: issuer.issuer, fetcher: issuer)
        try await session.logIn(email: "ada@example.com", password: "secret", scopes: ["orders:read"])
        let verifier = try issuer.verifier(requiredScopes: ["orders:read"])
        #expect(try await verifier.verify(session.accessToken()).scopes == ["orders:read"])
    }
    // end

    // snippet: ended sessions
    @Test func `a session that has ended is refused`() async throws {
        let issuer = try TestIssuer()
        let verifier = Verifier(policy: try issuer.policy(), keys: issuer, statuses: try issuer.statuses())
        let token = try issuer.token(statusIndex: 7)
        _ = try await verifier.verify(token)
        issuer.revoke(statusIndex: 7)
        await #expect(throws: VerificationError(.revoked, "")) { try await verifier.verify(token) }
    }
    // end
}
