import HTTPTypes
import SignetIssuer
import SignetStore
import Testing

@testable import SignetAPI

/// A request that makes an endpoint answer with the HTTP status ``status``.
struct Provocation: Sendable, CustomStringConvertible {
    /// The method and the path template of the endpoint.
    let operation: String
    let status: Int
    /// Prepares the issuer, for example registers a user, and returns the request to send.
    let request: @Sendable (APIFixture) async throws -> APIRequest
    /// `true` if the test repeats the request, at most 200 times, until the response has ``status``.
    var isRepeated = false

    var description: String { "\(operation) \(status)" }
}

@Suite("Documented statuses", .timeLimit(.minutes(5)))
struct DocumentedStatusTests {
    @Test(arguments: provocations)
    func `a request can provoke the status`(provocation: Provocation) async throws {
        let fixture = try APIFixture()
        let request = try await provocation.request(fixture)
        var response = await fixture.api.respond(to: request)
        for _ in 0..<200 where provocation.isRepeated && response.status.code != provocation.status {
            response = await fixture.api.respond(to: request)
        }
        #expect(response.status.code == provocation.status, "\(response.text)")
        guard case .endpoint(let index, _) = fixture.api.match(request.method, request.path) else {
            Issue.record("\(request.path) has no endpoint")
            return
        }
        let endpoint = fixture.api.table.endpoints[index]
        #expect("\(endpoint.method.rawValue) \(endpoint.path)" == provocation.operation)
        Self.checkForm(of: response, from: endpoint)
    }

    @Test(
        arguments: provocations.filter {
            ["GET /api/profile", "GET /api/sessions", "POST /oauth2/introspect"].contains($0.operation)
        })
    func `an endpoint that need not wait answers the same if it has to wait for the store`(
        provocation: Provocation
    ) async throws {
        let fixture = try APIFixture()
        let request = try await provocation.request(fixture)
        let match = fixture.api.match(request.method, request.path)
        let immediate = try #require(fixture.api.respondAtOnce(to: request, matching: match))
        fixture.store.wait()
        if immediate.status == .ok {
            #expect(fixture.api.respondAtOnce(to: request, matching: match) == nil)
        }
        let awaited = await fixture.api.respond(to: request, matching: match)
        #expect(awaited.status == immediate.status)
        #expect(awaited.status.code == provocation.status)
        #expect(awaited.text == immediate.text)
        #expect(awaited.fields == immediate.fields)
    }

    /// Expects that a response follows the rules for all endpoints: its length, its caching and retry headers, and the
    /// format of an error.
    private static func checkForm(of response: APIResponse, from endpoint: Endpoint) {
        let fields = response.fields
        let status = response.status.code
        #expect(response.contentLength == ([204, 304].contains(status) ? nil : response.bytes.count))
        #expect(!response.text.contains(SwitchedStore.fault))
        #expect(fields[.retryAfter] != nil || ![429, 503].contains(status))
        #expect(fields[.wwwAuthenticate] != nil || status != 401)
        let isPublic = endpoint.path.hasPrefix("/.well-known/") && status < 400
        #expect(fields[.cacheControl]?.hasPrefix(isPublic ? "public, max-age=" : "no-store") == true)
        if status >= 400 {
            let isOAuth = endpoint.path.hasPrefix("/oauth2/")
            #expect(fields[.contentType] == (isOAuth ? "application/json" : "application/problem+json"))
            #expect(response.text.hasPrefix(isOAuth ? #"{"error":"# : #"{"type":"about:blank""#))
        }
    }

    @Test func `every documented status of every endpoint is provoked`() throws {
        let documented = try APIFixture().api.table.endpoints.flatMap { endpoint in
            endpoint.statuses.map { "\(endpoint.method.rawValue) \(endpoint.path) \($0)" }
        }
        #expect(Set(provocations.map(\.description)) == Set(documented))
    }

    // MARK: - The health and metrics endpoints

    private static func operations(_ fixture: APIFixture) -> API {
        API(
            OperationsEndpoints(issuer: fixture.issuer, metricsType: "text/plain", metricsPage: { "up 1\n" }).endpoints)
    }

    private static func get(_ path: String, at api: API) async -> APIResponse {
        await api.respond(to: APIRequest(method: .get, target: path))
    }

    @Test func `the health and metrics endpoints answer with their documented statuses`() async throws {
        let fixture = try APIFixture()
        let api = Self.operations(fixture)
        var met: Set<String> = []
        for path in ["/health/live", "/health/ready", "/metrics"] {
            met.insert("\(path) \(await Self.get(path, at: api).status.code)")
        }
        #expect(await Self.get("/metrics", at: api).text == "up 1\n")
        fixture.store.fail()
        for path in ["/health/live", "/health/ready"] {
            met.insert("\(path) \(await Self.get(path, at: api).status.code)")
        }
        #expect(
            met == Set(api.table.endpoints.flatMap { endpoint in endpoint.statuses.map { "\(endpoint.path) \($0)" } }))
        let unready = await Self.get("/health/ready", at: api)
        #expect(!unready.text.contains(SwitchedStore.fault))
        #expect(unready.fields[.retryAfter] == "1")
        #expect(unready.fault?.isFailure == true)
        #expect(unready.fault?.detail.contains(SwitchedStore.fault) == true)
    }
}

// MARK: - The requests

private let provocations: [Provocation] =
    accounts + tokens + sessions + oauth + documents + bodies + withoutStore

private func provoke(
    _ operation: String, _ status: Int, _ request: @escaping @Sendable (APIFixture) async throws -> APIRequest
) -> Provocation {
    Provocation(operation: operation, status: status, request: request)
}

private func provokeRepeatedly(
    _ operation: String, _ status: Int, _ request: @escaping @Sendable (APIFixture) async throws -> APIRequest
) -> Provocation {
    Provocation(operation: operation, status: status, request: request, isRepeated: true)
}

private let credentials = #"{"email":"\#(APIFixture.email)","password":"\#(APIFixture.password)"}"#
private let wrongCredentials = #"{"email":"\#(APIFixture.email)","password":"wrong"}"#
private let newPassword = #"{"currentPassword":"\#(APIFixture.password)","newPassword":"staple lamp"}"#
private let foreignCookie: HeaderFields = [
    .cookie: "\(RefreshCookie.name)=srt_x", .origin: "https://evil.example", .secFetchSite: "cross-site",
]

private func request(_ method: HTTPRequest.Method, _ target: String, _ fields: HeaderFields = [:]) -> APIRequest {
    APIRequest(method: method, target: target, fields: fields)
}

private let accounts: [Provocation] = [
    provoke("GET /", 200) { _ in request(.get, "/") },
    provoke("POST /api/register", 201) { _ in
        .json(.post, "/api/register", #"{"name":"A","email":"a@example.com","password":"correct horse"}"#)
    },
    provoke("POST /api/login", 200) { fixture in
        _ = try await fixture.session()
        return .json(.post, "/api/login", credentials)
    },
    provoke("POST /api/login", 401) { _ in .json(.post, "/api/login", credentials) },
    provoke("POST /api/login", 403) { fixture in
        _ = try await fixture.session()
        let body = String(credentials.dropLast()) + #","delivery":"cookie"}"#
        return .json(.post, "/api/login", body, [.origin: "https://evil.example"])
    },
    provokeRepeatedly("POST /api/login", 429) { fixture in
        _ = try await fixture.session()
        return .json(.post, "/api/login", wrongCredentials)
    },
    provoke("GET /api/profile", 200) { request(.get, "/api/profile", try await $0.bearer()) },
    provoke("GET /api/profile", 401) { _ in request(.get, "/api/profile") },
    provoke("GET /api/profile", 403) { request(.get, "/api/profile", try await $0.bearerWithoutAccount()) },
    provoke("GET /api/profile", 404) { request(.get, "/api/profile", try await $0.bearerOfDeletedUser()) },
    provoke("POST /api/password", 204) { .json(.post, "/api/password", newPassword, try await $0.bearer()) },
    provoke("POST /api/password", 401) { _ in .json(.post, "/api/password", newPassword) },
    provoke("POST /api/password", 403) {
        .json(.post, "/api/password", newPassword, try await $0.bearerWithoutAccount())
    },
    provoke("POST /api/password", 404) {
        .json(.post, "/api/password", newPassword, try await $0.bearerOfDeletedUser())
    },
    provokeRepeatedly("POST /api/password", 429) {
        .json(
            .post, "/api/password", #"{"currentPassword":"wrong","newPassword":"staple lamp"}"#, try await $0.bearer())
    },
    provoke("DELETE /api/account", 204) { .json(.delete, "/api/account", credentials, try await $0.bearer()) },
    provoke("DELETE /api/account", 401) { _ in .json(.delete, "/api/account", credentials) },
    provoke("DELETE /api/account", 403) {
        .json(.delete, "/api/account", credentials, try await $0.bearerWithoutAccount())
    },
    provoke("DELETE /api/account", 404) {
        .json(.delete, "/api/account", credentials, try await $0.bearerOfDeletedUser())
    },
    provokeRepeatedly("DELETE /api/account", 429) {
        .json(.delete, "/api/account", wrongCredentials, try await $0.bearer())
    },
]

private let tokens: [Provocation] = [
    provoke("POST /api/refresh-token", 200) {
        .json(.post, "/api/refresh-token", #"{"refreshToken":"\#(try await $0.session().refreshToken)"}"#)
    },
    provoke("POST /api/refresh-token", 401) { _ in
        .json(.post, "/api/refresh-token", #"{"refreshToken":"srt_x"}"#)
    },
    provoke("POST /api/refresh-token", 403) { _ in .json(.post, "/api/refresh-token", "{}", foreignCookie) },
    provoke("POST /api/logout", 200) {
        .json(.post, "/api/logout", #"{"refreshToken":"\#(try await $0.session().refreshToken)"}"#)
    },
    provoke("POST /api/logout", 403) { _ in .json(.post, "/api/logout", "{}", foreignCookie) },
]

private let sessions: [Provocation] = [
    provoke("GET /api/sessions", 200) { request(.get, "/api/sessions", try await $0.bearer()) },
    provoke("GET /api/sessions", 400) { request(.get, "/api/sessions?limit=0", try await $0.bearer()) },
    provoke("GET /api/sessions", 401) { _ in request(.get, "/api/sessions", [.authorization: "Bearer x"]) },
    provoke("GET /api/sessions", 403) { request(.get, "/api/sessions", try await $0.bearerWithoutAccount()) },
    provoke("GET /api/sessions", 404) { request(.get, "/api/sessions", try await $0.bearerOfDeletedUser()) },
    provoke("DELETE /api/sessions", 204) { request(.delete, "/api/sessions", try await $0.bearer()) },
    provoke("DELETE /api/sessions", 400) { request(.delete, "/api/sessions?all=x", try await $0.bearer()) },
    provoke("DELETE /api/sessions", 401) { _ in request(.delete, "/api/sessions") },
    provoke("DELETE /api/sessions", 403) { request(.delete, "/api/sessions", try await $0.bearerWithoutAccount()) },
    provoke("DELETE /api/sessions", 404) { request(.delete, "/api/sessions", try await $0.bearerOfDeletedUser()) },
    provoke("DELETE /api/sessions/{id}", 204) {
        let tokens = try await $0.session()
        return request(
            .delete, "/api/sessions/\(tokens.sessionID)", [.authorization: "Bearer \(tokens.accessToken)"])
    },
    provoke("DELETE /api/sessions/{id}", 401) { _ in request(.delete, "/api/sessions/x") },
    provoke("DELETE /api/sessions/{id}", 403) {
        request(.delete, "/api/sessions/x", try await $0.bearerWithoutAccount())
    },
    provoke("DELETE /api/sessions/{id}", 404) { request(.delete, "/api/sessions/x", try await $0.bearer()) },
]

private let oauth: [Provocation] = [
    provoke("POST /oauth2/token", 200) {
        .form("/oauth2/token", "grant_type=client_credentials", try await $0.basic())
    },
    provoke("POST /oauth2/token", 401) { _ in .form("/oauth2/token", "grant_type=client_credentials") },
    provoke("POST /oauth2/introspect", 200) { .form("/oauth2/introspect", "token=x", try await $0.basic()) },
    provoke("POST /oauth2/introspect", 401) { _ in .form("/oauth2/introspect", "token=x") },
    provoke("POST /oauth2/introspect", 403) {
        .form("/oauth2/introspect", "token=x", try await $0.basic(mayIntrospect: false))
    },
    provoke("POST /oauth2/revoke", 200) { .form("/oauth2/revoke", "token=x", try await $0.basic()) },
    provoke("POST /oauth2/revoke", 401) { _ in .form("/oauth2/revoke", "token=x") },
]

private let documents: [Provocation] = [
    provoke("GET /.well-known/jwks.json", 200) { _ in request(.get, "/.well-known/jwks.json") },
    provoke("GET /.well-known/jwks.json", 304) { _ in request(.get, "/.well-known/jwks.json", [.ifNoneMatch: "*"]) },
    provoke("GET /.well-known/oauth-authorization-server", 200) { _ in
        request(.get, "/.well-known/oauth-authorization-server")
    },
    provoke("GET /.well-known/openid-configuration", 200) { _ in
        request(.get, "/.well-known/openid-configuration")
    },
    provoke("GET /.well-known/status-lists/{id}", 200) { fixture in
        _ = try await fixture.session()
        return request(.get, "/.well-known/status-lists/0")
    },
    provoke("GET /.well-known/status-lists/{id}", 304) { fixture in
        _ = try await fixture.session()
        return request(.get, "/.well-known/status-lists/0", [.ifNoneMatch: "*"])
    },
    provoke("GET /.well-known/status-lists/{id}", 404) { _ in request(.get, "/.well-known/status-lists/0") },
]

/// The endpoints that read a body: method, path, and whether they need an access token.
private let readers: [(method: HTTPRequest.Method, path: String, isProtected: Bool)] = [
    (.post, "/api/register", false), (.post, "/api/login", false), (.post, "/api/refresh-token", false),
    (.post, "/api/logout", false), (.post, "/api/password", true), (.delete, "/api/account", true),
    (.post, "/oauth2/token", false), (.post, "/oauth2/introspect", false), (.post, "/oauth2/revoke", false),
]

/// Requests with a body that the API refuses: malformed (400), too large (413), of a wrong media type (415).
private let bodies: [Provocation] = readers.flatMap { method, path, isProtected -> [Provocation] in
    let operation = "\(method.rawValue) \(path)"
    let type = path.hasPrefix("/oauth2/") ? "application/x-www-form-urlencoded" : "application/json"
    func provocation(_ status: Int, type: String, _ body: APIRequest.Body) -> Provocation {
        provoke(operation, status) { fixture in
            var fields = isProtected ? try await fixture.bearer() : [:]
            fields.append(.contentType, type)
            return APIRequest(method: method, target: path, fields: fields, body: body)
        }
    }
    let broken = provocation(400, type: type, .bytes(Array("%{".utf8)))
    let large = provocation(413, type: type, .refused(.bodyTooLarge))
    let foreign = provocation(415, type: "text/plain", .bytes(Array("{}".utf8)))
    // The refresh operation treats a body that is too large as an invalid refresh token, so it never answers 413.
    return path == "/api/refresh-token" ? [broken, foreign] : [broken, large, foreign]
}

/// Valid requests to an issuer whose store fails. The API must answer them with status 503.
private let withoutStore: [Provocation] = [
    provoke("POST /api/register", 503) { fixture in
        fixture.store.fail()
        return .json(.post, "/api/register", #"{"name":"A","email":"a@example.com","password":"correct horse"}"#)
    },
    provoke("POST /api/login", 503) { fixture in
        _ = try await fixture.session()
        fixture.store.fail()
        return .json(.post, "/api/login", credentials)
    },
    broken("GET /api/profile") { request(.get, "/api/profile", $0) },
    broken("GET /api/sessions") { request(.get, "/api/sessions", $0) },
    broken("DELETE /api/sessions") { request(.delete, "/api/sessions", $0) },
    broken("DELETE /api/sessions/{id}") { request(.delete, "/api/sessions/\(FamilyID.random())", $0) },
    broken("POST /api/password") { .json(.post, "/api/password", newPassword, $0) },
    broken("DELETE /api/account") { .json(.delete, "/api/account", credentials, $0) },
    provoke("POST /api/refresh-token", 503) { fixture in
        let token = try await fixture.session().refreshToken
        fixture.store.fail()
        return .json(.post, "/api/refresh-token", #"{"refreshToken":"\#(token)"}"#)
    },
    provoke("POST /api/logout", 503) { fixture in
        let token = try await fixture.session().refreshToken
        fixture.store.fail()
        return .json(.post, "/api/logout", #"{"refreshToken":"\#(token)"}"#)
    },
    brokenClient("/oauth2/token", "grant_type=client_credentials"),
    brokenClient("/oauth2/introspect", "token=x"),
    brokenClient("/oauth2/revoke", "token=x"),
    provoke("GET /.well-known/status-lists/{id}", 503) { fixture in
        fixture.store.fail()
        return request(.get, "/.well-known/status-lists/0")
    },
]

/// Makes a valid request with an access token to an issuer whose store fails.
private func broken(
    _ operation: String, _ request: @escaping @Sendable (HeaderFields) -> APIRequest
) -> Provocation {
    provoke(operation, 503) { fixture in
        let bearer = try await fixture.bearer()
        fixture.store.fail()
        return request(bearer)
    }
}

/// Makes a valid request with client credentials to an issuer whose store fails.
private func brokenClient(_ path: String, _ form: String) -> Provocation {
    provoke("POST \(path)", 503) { fixture in
        let basic = try await fixture.basic()
        fixture.store.fail()
        return .form(path, form, basic)
    }
}
