import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOHTTP1
import SignetClient
import SignetTesting
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierHummingbird
import SignetVerifierOperations
import Synchronization
import Testing

@Suite("The documented code works as described")
struct SnippetBehaviourTests {
    private static let issuer = Result { try TestIssuer() }

    @Test func `The protected route accepts only a good token with the scope`() async throws {
        let issuer = try Self.issuer.get()
        let router = makeRouter(verifier: try issuer.verifier())
        let authorization = "Bearer \(try issuer.token(subject: "ada", scopes: ["orders:read"]))"
        let lacking = "Bearer \(try issuer.token(subject: "ada"))"
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/health", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/orders", method: .get) {
                #expect($0.headers[.wwwAuthenticate] == #"Bearer realm="orders""#)
            }
            try await client.execute(uri: "/orders", method: .get, headers: [.authorization: lacking]) {
                #expect($0.status == .forbidden)
            }
            try await client.execute(uri: "/orders", method: .get, headers: [.authorization: authorization]) {
                #expect(String(buffer: $0.body) == "Orders of ada")
            }
        }
    }

    @Test func `A login for a service gets a token that only this service accepts`() async throws {
        let issuer = try TestIssuer()
        issuer.addUser(email: "ada@example.com", password: "secret")
        let session = try UserSession(issuer: issuer.issuer, fetcher: issuer)
        await #expect(throws: ClientError(.invalidInput, "")) {
            try await logInForOrders(session, email: "ada@example.com", password: "secret")
        }
        issuer.allowLogins(audiences: ["https://orders.example.com"], scopes: ["orders:read"])
        try await logInForOrders(session, email: "ada@example.com", password: "secret")
        let token = try await session.accessToken()
        let orders = Verifier(
            policy: try VerificationPolicy(
                issuer: issuer.issuer, audiences: ["https://orders.example.com"], requiredScopes: ["orders:read"]),
            keys: issuer)
        #expect(try await orders.verify(token).scopes == ["orders:read"])
        await #expect(throws: VerificationError(.wrongAudience, "")) { try await issuer.verifier().verify(token) }
    }

    @Test func `The verifier on the page has the properties that the page describes`() throws {
        #expect(try makeVerifier().policy.audiences == ["https://orders.example"])
        _ = try sharedKeys()
    }

    @Test func `The policy for another issuer accepts that issuer's tokens`() async throws {
        let partner = try TestIssuer(issuer: "https://login.partner.example", audience: "orders")
        let verifier = Verifier(policy: try otherIssuerPolicy(), keys: partner)
        // `otherIssuerPolicy()` accepts only tokens whose `typ` is `JWT`. With the fault `wrongType`, `TestIssuer`
        // makes such a token.
        let token = try partner.token(subject: "ada", clientID: "partner-shop", fault: .wrongType)
        #expect(try await verifier.verify(token).subject == "ada")
        await #expect(throws: VerificationError(.wrongType, "")) { try await verifier.verify(partner.token()) }
    }

    @Test func `A router accepts the tokens of each of its issuers, and a peek trusts nobody`() async throws {
        let own = try TestIssuer(issuer: "https://issuer.example", audience: "https://orders.example")
        let router = try makeIssuerRouter(partner: otherIssuerPolicy(), fetcher: own)
        #expect(try await router.verify(own.token(subject: "ada")).subject == "ada")
        let stranger = try Self.issuer.get().token()
        await #expect(throws: VerificationError(.wrongIssuer, "")) { try await router.verify(stranger) }
        #expect(claimedIssuer(of: stranger) == "https://issuer.test")
        #expect(claimedIssuer(of: "nonsense") == nil)
    }

    @Test func `A payload type of jwt-kit becomes a Decodable type`() async throws {
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        #expect(try await tenancy(of: issuer.token(claims: ["tenant": "acme"]), verifier: verifier).tenant == "acme")
        await #expect(throws: VerificationError(.missingClaim, "")) {
            try await tenancy(of: issuer.token(), verifier: verifier)
        }
    }

    @Test func `A health route tells whether tokens can be checked`() async throws {
        let issuer = try TestIssuer()
        let logger = Logger(label: "test")
        let router = Router(context: OrdersContext.self)
        let verifier = try Verifier(issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer)
        addHealth(to: router, verifier: verifier, logger: logger)
        #expect(try watchedVerifier(logger: logger).verifier.sourceStates.map(\.kind) == [.keys])
        issuer.goDown()
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/ready", method: .get) { #expect($0.status == .serviceUnavailable) }
        }
    }

    @Test func `A fetcher with a proxy and one with the application's client can be made and shut down`() async throws {
        try await proxiedFetcher().shutdown()
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        try await sharedFetcher(of: client).shutdown()
        try await client.shutdown()
    }

    @Test func `A service reads its own claims and requires a scope`() async throws {
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        let claims: JSONObject = ["tenant": "acme", "seats": 3]
        let member = try await verifier.verify(issuer.token(scopes: ["members:read"], claims: claims))
        #expect(try membership(of: member).seats == 3)
        #expect(tenant(of: member) == "acme")
        let other = try await verifier.verify(issuer.token(claims: claims))
        #expect(throws: VerificationError(.insufficientScope, "")) { try membership(of: other) }
    }

    @Test func `A handler for any framework answers with the challenge and logs the detail`() async throws {
        struct Tenancy: Decodable { let tenant: String? }
        let issuer = try TestIssuer()
        let log = Mutex<[String]>([])
        // The route decodes the custom claim `tenant`. The decoding may throw a `VerificationError`.
        let service = ProtectedRoute(
            verifier: try issuer.verifier(), scopes: ["orders:read"], log: { line in log.withLock { $0.append(line) } }
        ) { token in
            _ = try token.decode(as: Tenancy.self)
            return HTTPResponse(status: .ok, headerFields: [.location: "/orders/\(token.subject ?? "nobody")"])
        }
        func answer(to authorization: String...) async throws -> HTTPResponse {
            var fields = HTTPFields()
            for value in authorization { fields.append(HTTPField(name: .authorization, value: value)) }
            return try await service.respond(
                to: HTTPRequest(method: .get, scheme: "https", authority: nil, path: "/", headerFields: fields))
        }
        let good = "Bearer \(try issuer.token(subject: "ada", scopes: ["orders:read"]))"
        #expect(try await answer(to: good).headerFields == [.location: "/orders/ada"])
        let missing = try await answer()
        #expect(missing.status == .unauthorized)
        #expect(missing.headerFields == [.wwwAuthenticate: #"Bearer realm="orders""#])
        #expect(try await answer(to: good, good).status == .badRequest)
        let lacking = try await answer(to: "Bearer \(issuer.token())")
        #expect(lacking.status == .forbidden)
        #expect(lacking.headerFields[.wwwAuthenticate]?.contains(#"scope="orders:read""#) == true)
        let odd = try issuer.token(subject: "ada", scopes: ["orders:read"], claims: ["tenant": 7])
        #expect(try await answer(to: "Bearer \(odd)").status == .unauthorized)
        #expect(log.withLock { $0.last }?.contains("malformedClaims: tenant: expected String (sub ada, sid ") == true)
        issuer.goDown()
        let unavailable = try await answer(to: good)
        #expect(unavailable.status == .serviceUnavailable && unavailable.headerFields == [.retryAfter: "5"])
        #expect(log.withLock { $0 }.count == 5)
    }

    @Test func `All Authorization fields of a request are found, for every HTTP type`() throws {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .authorization, value: "Bearer one"))
        var request = HTTPRequest(method: .get, scheme: "https", authority: nil, path: "/", headerFields: fields)
        #expect(try DocumentationTests.token(of: request) == "one")
        request.headerFields.append(HTTPField(name: .authorization, value: "Bearer two"))
        #expect(throws: VerificationError(.ambiguousCredentials, "")) { try DocumentationTests.token(of: request) }
        var headers = HTTPHeaders([("authorization", "bearer one")])
        #expect(try DocumentationTests.token(of: headers) == "one")
        headers.add(name: "Authorization", value: "Bearer two")
        #expect(throws: VerificationError(.ambiguousCredentials, "")) { try DocumentationTests.token(of: headers) }
    }

    @Test func `Keys are fetched with changed limits`() async throws {
        let issuer = try TestIssuer()
        let verifier = Verifier(policy: try issuer.policy(), keys: try carefulKeys(fetcher: issuer))
        #expect(try await verifier.verify(issuer.token()).subject == "user-1")
        #expect(issuer.requests.count == 2)
    }

    @Test func `The router of the README can be created`() throws {
        _ = try protectedRouter(issuer: "http://localhost:5000", audience: "http://localhost:5000")
    }

    @Test func `A missing key file is an error at the start`() {
        #expect(throws: ConfigurationError(.unusableKeys, "")) { try offlineKeys() }
    }

    @Test func `The introspection endpoint is asked only about tokens that the verifier accepts`() async throws {
        let issuer = try Self.issuer.get()
        let endpoint = IntrospectionEndpoint(answer: #"{"active":false}"#)
        let client = try makeClient(secret: "secret", fetcher: endpoint)
        let verifier = try issuer.verifier()
        await #expect(throws: VerificationError(.badSignature, "")) {
            try await verifyForPayment(
                issuer.token(fault: .badSignature), verifier: verifier, client: client)
        }
        #expect(endpoint.requestCount == 0)
        await #expect(throws: VerificationError(.tokenInactive, "")) {
            try await verifyForPayment(issuer.token(), verifier: verifier, client: client)
        }
        #expect(endpoint.requestCount == 1)
    }

    @Test(arguments: [true, false])
    func `After a logout no token is stored, even if the issuer is unreachable`(isReachable: Bool) async throws {
        let pair = TokenPair(
            accessToken: "a", refreshToken: "r", issuedAt: .now, expiresAt: .now, refreshExpiresAt: .now)
        let storage = MemoryTokenStorage(pair)
        let issuer = IntrospectionEndpoint(answer: #"{"message":"Logged out successfully"}"#)
        let fetcher: any HTTPFetcher = isReachable ? issuer : Unreachable()
        let session = try UserSession(
            issuer: "https://id.example.com", storage: storage, fetcher: fetcher,
            configuration: ClientConfiguration(maximumAttempts: 1))
        try await end(session)
        #expect(storage.load() == nil)
        #expect(issuer.requestCount == (isReachable ? 1 : 0))
    }

    @Test func `Each kind of error gets its own advice`() {
        #expect(advice(for: VerificationError(.expired, "")).hasPrefix("Refresh"))
        #expect(advice(for: VerificationError(.badSignature, "")) == "Log in again.")
        #expect(
            advice(for: VerificationError(.insufficientScope, "", scopes: ["a", "b"])) == "Ask for a b.")
        #expect(
            advice(for: VerificationError(.keysUnavailable, "", retryAfter: .seconds(7)))
                == "Try again in 7 s.")
    }

    @Test func `A route requires its scopes and accepts a token in a cookie`() async throws {
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        let router = makeScopedRouter(verifier: verifier)
        router.group("pages").add(middleware: pageMiddleware(verifier: verifier))
            .get { _, context in try context.requireIdentity().subject ?? "" }
        let reader = "Bearer \(try issuer.token())"
        let clerk = "Bearer \(try issuer.token(scopes: ["refunds:write"]))"
        let cookie = "__Host-access=\(try issuer.token(subject: "ada"))"
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/orders/refunds", method: .post, headers: [.authorization: reader]) {
                #expect($0.status == .forbidden)
            }
            try await client.execute(uri: "/orders/refunds", method: .post, headers: [.authorization: clerk]) {
                #expect($0.status == .noContent)
            }
            try await client.execute(uri: "/orders/2025", method: .delete, headers: [.authorization: clerk]) {
                #expect($0.status == .forbidden)
                #expect($0.headers[.wwwAuthenticate]?.contains(#"scope="orders:2025:delete""#) == true)
            }
            try await client.execute(uri: "/pages", method: .get, headers: [.cookie: cookie]) {
                #expect(String(buffer: $0.body) == "ada")
            }
            try await client.execute(uri: "/orders", method: .get, headers: [.cookie: cookie]) {
                #expect($0.status == .unauthorized)
            }
        }
    }

    @Test func `A service's own fetcher is shut down, even after an error`() async throws {
        struct Failure: Error {}
        try await withOwnFetcher { keys in #expect(keys.keysAtHand() == nil) }
        await #expect(throws: Failure.self) {
            try await withOwnFetcher { _ in throw Failure() }
        }
    }
}
