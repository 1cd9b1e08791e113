import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import Logging
import SignetTesting
import SignetVerifier
import SignetVerifierHummingbird
import Synchronization
import Testing

/// A verifier that counts its calls.
private final class CountingVerifier: TokenVerifying {
    private let verifier: Verifier
    private let calls = Mutex(0)

    init(verifier: Verifier) { self.verifier = verifier }

    var count: Int { calls.withLock { $0 } }

    func verify(_ token: String) async throws(VerificationError) -> VerifiedToken {
        calls.withLock { $0 += 1 }
        return try await verifier.verify(token)
    }
}

@Suite("The bearer middleware")
struct BearerMiddlewareTests {
    /// An identity type that a service defines itself.
    private struct Caller: TokenIdentity {
        let name: String

        init(_ token: VerifiedToken) throws(VerificationError) {
            guard let name = token["name"]?.string else {
                throw VerificationError(.missingClaim, "name: expected to be present")
            }
            self.name = name
        }
    }

    private struct Context: BearerRequestContext {
        var coreContext: CoreRequestContextStorage
        var identity: Caller?

        init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
    }

    private static let issuer = Result { try TestIssuer() }

    /// A service with four routes: open, protected, protected with a scope, and protected with a cookie.
    private func service(_ verifier: Verifier) -> some ApplicationProtocol {
        let router = Router(context: Context.self)
        router.get("open") { _, context in try context.requireIdentity().name }
        router.group("name").add(middleware: BearerMiddleware(verifier: verifier, realm: "test"))
            .get { _, context in try context.requireIdentity().name }
        router.group("scoped").add(middleware: BearerMiddleware(verifier: verifier, scopes: ["b", "a"]))
            .get { _, context in try context.requireIdentity().name }
        router.group("cookie").add(middleware: BearerMiddleware(verifier: verifier, cookieName: "access"))
            .get { _, context in try context.requireIdentity().name }
        return Application(router: router)
    }

    private func get(
        _ path: String, headers: HTTPFields = [:], verifier: Verifier? = nil
    ) async throws -> TestResponse {
        try await service(try verifier ?? Self.issuer.get().verifier()).test(.live) { client in
            try await client.execute(uri: path, method: .get, headers: headers)
        }
    }

    private func token(scopes: Set<String> = [], fault: TokenFault? = nil) throws -> String {
        try Self.issuer.get().token(scopes: scopes, claims: ["name": "Ada"], fault: fault)
    }

    @Test func `accepts a good token and gives the route its identity`() async throws {
        let response = try await get("/name", headers: [.authorization: "Bearer \(token())"])
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == "Ada")
    }

    @Test(arguments: [nil, "Basic dTpw", "Bearer"])
    func `answers 401 without an error attribute when there is no token`(authorization: String?) async throws {
        let headers: HTTPFields = authorization.map { [.authorization: $0] } ?? [:]
        let response = try await get("/name", headers: headers)
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate] == #"Bearer realm="test""#)
    }

    @Test(arguments: TokenFault.all)
    func `answers a bad token with its challenge and nothing else`(fault: TokenFault) async throws {
        let response = try await get("/name", headers: [.authorization: "Bearer \(token(fault: fault))"])
        #expect(response.status == .unauthorized)
        var challenge = VerificationError(fault.code, "").challenge
        challenge.realm = "test"
        #expect(response.headers[.wwwAuthenticate] == challenge.headerValue)
        #expect(response.body.readableBytes == 0)
    }

    @Test func `answers two Authorization fields with 400`() async throws {
        var headers = HTTPFields()
        headers.append(HTTPField(name: .authorization, value: "Bearer \(try token())"))
        headers.append(HTTPField(name: .authorization, value: "Bearer \(try token())"))
        let response = try await get("/name", headers: headers)
        #expect(response.status == .badRequest)
        #expect(response.headers[.wwwAuthenticate]?.contains(#"error="invalid_request""#) == true)
    }

    @Test func `answers a missing scope with 403 and names the scopes of the route`() async throws {
        let response = try await get("/scoped", headers: [.authorization: "Bearer \(token(scopes: ["a"]))"])
        #expect(response.status == .forbidden)
        #expect(response.headers[.wwwAuthenticate]?.contains(#"error="insufficient_scope""#) == true)
        #expect(response.headers[.wwwAuthenticate]?.hasSuffix(#"scope="a b""#) == true)
        let enough = try await get("/scoped", headers: [.authorization: "Bearer \(token(scopes: ["a", "b"]))"])
        #expect(enough.status == .ok)
    }

    @Test func `answers 503 with Retry-After while the keys are not available`() async throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(claims: ["name": "Ada"])
        issuer.goDown()
        let response = try await get(
            "/name", headers: [.authorization: "Bearer \(token)"], verifier: issuer.verifier())
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.wwwAuthenticate] == nil)
        #expect(response.headers[.retryAfter] == "5")
    }

    @Test func `logs one warning per outage and none for a bad token`() async throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(claims: ["name": "Ada"])
        let bad = try issuer.token(fault: .expired)
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .debug
        let router = Router(context: Context.self)
        router.group("name").add(middleware: BearerMiddleware(verifier: try issuer.verifier()))
            .get { _, context in try context.requireIdentity().name }
        try await Application(router: router, logger: logger).test(.router) { client in
            for _ in 0..<5 {
                let headers: HTTPFields = [.authorization: "Bearer \(bad)"]
                _ = try await client.execute(uri: "/name", method: .get, headers: headers)
            }
            issuer.goDown()
            for _ in 0..<50 {
                let headers: HTTPFields = [.authorization: "Bearer \(token)"]
                _ = try await client.execute(uri: "/name", method: .get, headers: headers)
            }
        }
        let refusals = log.entries.filter { "\($0.message)" == "request refused" }
        #expect(refusals.count == 55)
        #expect(refusals.count { $0.level == .info } == 5)
        #expect(refusals.count { $0.level == .warning } == 1)
        #expect(refusals.count { $0.level == .debug } == 49)
    }

    /// A log that collects its lines, and a logger of level `debug` that writes to it.
    private func logging() -> (InMemoryLogHandler, Logger) {
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .debug
        return (log, logger)
    }

    @Test(arguments: ["/name/strict", "/loose/strict", "/loose/typed"])
    func `a verification error that a route throws gives its status and challenge and one line in the log`(
        path: String
    ) async throws {
        struct Tenancy: Decodable { let tenant: String }
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        let (log, logger) = logging()
        let router = Router(context: Context.self)
        let strict: @Sendable (Request, Context) async throws -> String = { request, _ in
            let text = try BearerCredentials.token(authorization: request.headers[values: .authorization])
            let token = try await verifier.verify(text)
            try token.require(scopes: ["orders:write"])
            return "good"
        }
        router.group("name").add(middleware: BearerMiddleware(verifier: verifier, realm: "test")).get(
            "strict", use: strict)
        router.get("loose/strict", use: strict)
        router.get("loose/typed") { request, _ in
            let text = try BearerCredentials.token(authorization: request.headers[values: .authorization])
            return try await verifier.verify(text).decode(as: Tenancy.self).tenant
        }
        let headers: HTTPFields = [
            .authorization: "Bearer \(try issuer.token(subject: "ada", sessionID: "s-7", claims: ["name": "Ada"]))"
        ]
        try await Application(router: router, logger: logger).test(.router) { client in
            let response = try await client.execute(uri: path, method: .get, headers: headers)
            #expect(response.status == (path.hasSuffix("typed") ? .unauthorized : .forbidden))
            let challenge = try #require(response.headers[.wwwAuthenticate])
            #expect(challenge.contains(path.hasSuffix("typed") ? "invalid_token" : #"scope="orders:write""#))
            #expect(challenge.contains(#"realm="test""#) == path.hasPrefix("/name"))
        }
        let lines = log.entries.filter { "\($0.message)" == "request refused" }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .info)
        #expect(line.metadata["code"] == (path.hasSuffix("typed") ? "missingClaim" : "insufficientScope"))
        #expect(line.metadata["sub"] == "ada" && line.metadata["sid"] == "s-7")
        #expect(line.metadata["jti"] != nil && line.metadata["client_id"] == "test-client")
    }

    @Test func `scopes of a route are required without verifying the token again`() async throws {
        let issuer = try Self.issuer.get()
        let counting = CountingVerifier(verifier: try issuer.verifier())
        let (log, logger) = logging()
        let router = Router(context: Context.self)
        let orders = router.group("orders").add(middleware: BearerMiddleware(verifier: counting, realm: "test"))
        orders.group("refunds").add(middleware: RequireScopes(["refunds:write"])).get { _, _ in "refunded" }
        orders.get("all") { _, context in
            try context.require(scopes: ["orders:all"])
            return "all"
        }
        router.group("open").add(middleware: RequireScopes(["refunds:write"])).get { _, _ in "never" }
        let clerk: HTTPFields = [.authorization: "Bearer \(try token(scopes: ["refunds:write"]))"]
        try await Application(router: router, logger: logger).test(.router) { client in
            let refund = try await client.execute(uri: "/orders/refunds", method: .get, headers: clerk)
            #expect(refund.status == .ok && String(buffer: refund.body) == "refunded")
            let all = try await client.execute(uri: "/orders/all", method: .get, headers: clerk)
            #expect(all.status == .forbidden)
            #expect(all.headers[.wwwAuthenticate]?.contains(#"realm="test""#) == true)
            #expect(all.headers[.wwwAuthenticate]?.contains(#"scope="orders:all""#) == true)
            let reader: HTTPFields = [.authorization: "Bearer \(try token())"]
            let refused = try await client.execute(uri: "/orders/refunds", method: .get, headers: reader)
            #expect(refused.status == .forbidden)
            let open = try await client.execute(uri: "/open", method: .get, headers: clerk)
            #expect(open.status == .unauthorized)
        }
        #expect(counting.count == 3)
        #expect(log.entries.filter { "\($0.message)" == "request refused" }.count == 3)
    }

    @Test func `accepts the tokens of several issuers through a router`() async throws {
        let issuer = try Self.issuer.get()
        let partner = try TestIssuer(issuer: "https://partner.test")
        let router = Router(context: Context.self)
        let verifiers = try IssuerRouter([issuer.verifier(), partner.verifier()])
        router.group("name").add(middleware: BearerMiddleware(verifier: verifiers))
            .get { _, context in try context.requireIdentity().name }
        try await Application(router: router).test(.router) { client in
            for issuer in [issuer, partner] {
                let headers: HTTPFields = [.authorization: "Bearer \(try issuer.token(claims: ["name": "Ada"]))"]
                try await client.execute(uri: "/name", method: .get, headers: headers) { #expect($0.status == .ok) }
            }
        }
    }

    @Test func `logs nothing of a token whose signature is not valid`() async throws {
        let (log, logger) = logging()
        let issuer = try Self.issuer.get()
        let router = Router(context: Context.self)
        router.group("name").add(middleware: BearerMiddleware(verifier: try issuer.verifier())).get { _, _ in "good" }
        let headers: HTTPFields = [.authorization: "Bearer \(try token(fault: .badSignature))"]
        try await Application(router: router, logger: logger).test(.router) { client in
            _ = try await client.execute(uri: "/name", method: .get, headers: headers)
        }
        let line = try #require(log.entries.first { "\($0.message)" == "request refused" })
        #expect(Set(line.metadata.keys).isDisjoint(with: ["sub", "sid", "jti", "client_id"]))
        #expect(line.metadata["code"] == "badSignature")
    }

    @Test func `a route without the middleware that asks for the identity leaves a line in the log`() async throws {
        let (log, logger) = logging()
        let router = Router(context: Context.self)
        router.get("open") { _, context in try context.requireIdentity().name }
        try await Application(router: router, logger: logger).test(.router) { client in
            let response = try await client.execute(uri: "/open", method: .get)
            #expect(response.status == .unauthorized)
        }
        let line = try #require(log.entries.first { "\($0.message)" == "request refused" })
        #expect(line.metadata["reason"] == "the route is not behind BearerMiddleware")
    }

    @Test func `reads the token from a cookie only on routes that allow it`() async throws {
        let headers: HTTPFields = [.cookie: "theme=dark; access=\(try token())"]
        #expect(try await get("/cookie", headers: headers).status == .ok)
        #expect(try await get("/name", headers: headers).status == .unauthorized)
    }

    @Test func `answers with the challenge of the error that the service's identity type throws`() async throws {
        let response = try await get(
            "/name", headers: [.authorization: "Bearer \(try Self.issuer.get().token())"])
        #expect(response.status == .unauthorized)
        #expect(response.headers[.wwwAuthenticate]?.contains("lacks a claim") == true)
    }

    @Test func `is required by a route that asks for the identity: without it the route answers 401`() async throws {
        #expect(try await get("/open").status == .unauthorized)
    }
}
