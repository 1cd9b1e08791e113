import HTTPTypes
import Testing

@testable import SignetAPI

@Suite("Routing")
struct RoutingTests {
    private static let table = EndpointTable([
        endpoint(.get, "/"), endpoint(.post, "/api/login"), endpoint(.get, "/api/sessions"),
        endpoint(.delete, "/api/sessions"), endpoint(.delete, "/api/sessions/{id}"),
        endpoint(.get, "/.well-known/status-lists/{id}"), endpoint(.get, "/.well-known/jwks.json"),
    ])

    private static func endpoint(_ method: HTTPRequest.Method, _ path: String) -> Endpoint {
        Endpoint(method, path, statuses: [200], .immediate { _ in APIResponse(status: .ok) })
    }

    @Test(
        arguments: [
            (.get, "/", 0, nil), (.head, "/", 0, nil), (.post, "/api/login", 1, nil), (.get, "/api/sessions", 2, nil),
            (.head, "/api/sessions", 2, nil), (.delete, "/api/sessions", 3, nil),
            (.delete, "/api/sessions/a", 4, "a"), (.delete, "/api/sessions/{id}", 4, "{id}"),
            (.get, "/.well-known/status-lists/0", 5, "0"), (.get, "/.well-known/jwks.json", 6, nil),
            (.post, "/api/%6Cogin", 1, nil), (.post, "/%61pi/%6c%6F%67%69%6E", 1, nil),
            (.get, "/%2Ewell%2Dknown/jwks%2ejson", 6, nil), (.delete, "/api/sessions/%61%62", 4, "ab"),
            (.delete, "/api/sessions/%2F", 4, "%2F"), (.delete, "/api/sessions/%", 4, "%"),
            (.delete, "/api/sessions/%7e%zz%4", 4, "~%zz%4"), (.delete, "/api/sessions/..", 4, ".."),
        ] as [(HTTPRequest.Method, String, Int, Substring?)])
    func `a path leads to its endpoint`(method: HTTPRequest.Method, path: String, index: Int, parameter: Substring?) {
        #expect(Self.table.match(method, path[...]) == .endpoint(index: index, parameter: parameter))
    }

    @Test(arguments: [
        "", "//", "/api", "/api/", "/api/login/", "/api//login", "//api/login", "/API/login", "/api/login2",
        "/api/sessions/", "/api/sessions//", "/api/sessions/a/b", "/api/sessions/a/", "/api%2Flogin", "/api/%zzlogin",
        "/api/login%", "/api/login%20", "/api/log%256Cin", "api/login", "/./api/login", "/api/../api/login",
        "/api/log\u{131}n", "/.well-known/status-lists", "/api/login?", "/api/login#",
    ])
    func `any other path leads nowhere`(path: String) {
        #expect(Self.table.match(.post, path[...]) == .notFound)
        #expect(Self.table.match(.get, path[...]) == .notFound)
    }

    @Test(
        arguments: [
            (.post, "/", [.get, .head]), (.get, "/api/login", [.post]), (.head, "/api/login", [.post]),
            (.post, "/api/sessions", [.get, .head, .delete]), (.get, "/api/sessions/a", [.delete]),
            (.options, "/api/sessions/a", [.delete]), (.connect, "/", [.get, .head]),
        ] as [(HTTPRequest.Method, String, [HTTPRequest.Method])])
    func `a path without an endpoint for the method names the methods that it has`(
        method: HTTPRequest.Method, path: String, allowed: [HTTPRequest.Method]
    ) {
        #expect(Self.table.match(method, path[...]) == .methodNotAllowed(allowed))
    }

    // MARK: - Answers without an endpoint

    private static func answer(
        _ method: HTTPRequest.Method, _ target: String, issuerPath: String = ""
    ) async -> APIResponse {
        let api = API(
            ["/", "/api/now", "/oauth2/now", "/.well-known/jwks.json"].map { endpoint(.get, $0) },
            issuerPath: issuerPath)
        return await api.respond(to: APIRequest(method: method, target: target))
    }

    @Test(
        arguments: [
            ("/nowhere", "application/problem+json", #""code":"not_found""#),
            ("/api/nowhere", "application/problem+json", #""code":"not_found""#),
            ("/oauth2", "application/problem+json", #""code":"not_found""#),
            ("/oauth2/nowhere", "application/json", #""error":"invalid_request""#),
        ])
    func `an unknown path gets 404 in the error format of its part of the API`(
        path: String, type: String, member: String
    ) async {
        let response = await Self.answer(.get, path + "?a=b")
        #expect(response.status == .notFound)
        #expect(response.fields[.contentType] == type)
        #expect(response.text.contains(member))
    }

    @Test(
        arguments: [
            ("/", "application/problem+json", #""code":"method_not_allowed""#),
            ("/api/now", "application/problem+json", #""code":"method_not_allowed""#),
            ("/oauth2/now", "application/json", #""error":"invalid_request""#),
        ])
    func `another method gets 405 with Allow in the error format of its part of the API`(
        path: String, type: String, member: String
    ) async {
        for method in [HTTPRequest.Method.post, .delete, .put, .options, .trace] {
            let response = await Self.answer(method, path)
            #expect(response.status == .methodNotAllowed)
            #expect(response.fields[.allow] == "GET, HEAD")
            #expect(response.fields[.contentType] == type)
            #expect(response.text.contains(member))
        }
    }

    @Test(
        arguments: [
            ("/id", "/id/api/now", 200), ("/id", "/api/now", 200), ("/id", "/id/", 200), ("/id", "/", 200),
            ("/id", "/id", 404), ("/id", "/idapi/now", 404), ("/id", "/id/id/api/now", 404), ("/id", "/i/api/now", 404),
            ("/a/b", "/a/b/api/now", 200), ("/a/b", "/a/api/now", 404), ("/api", "/api/now", 200),
            ("/api", "/api/api/now", 200), ("/api", "/api/.well-known/jwks.json", 200), ("/api", "/api/", 200),
            ("/api", "/api", 404), ("/api", "/now", 404), ("", "/id/api/now", 404),
        ])
    func `the path of the issuer identifier may precede an endpoint's path once`(
        issuerPath: String, path: String, status: Int
    ) async {
        #expect(await Self.answer(.get, path, issuerPath: issuerPath).status.code == status)
    }

    @Test func `below the issuer's path, errors have the format of their part of the API`() async {
        let oauth = await Self.answer(.get, "/id/oauth2/nowhere", issuerPath: "/id")
        #expect(oauth.fields[.contentType] == "application/json")
        let other = await Self.answer(.get, "/oauth3/oauth2/nowhere", issuerPath: "/id")
        #expect(other.fields[.contentType] == "application/problem+json")
    }

    // MARK: - HEAD

    @Test func `HEAD gets the fields and the Content-Length of GET without a body`() async throws {
        let fixture = try APIFixture()
        var fields = try await fixture.bearer()
        fields.append(.origin, APIFixture.app)
        let paths = fixture.api.table.endpoints.filter { $0.method == .get }.map {
            $0.path.replacing("{id}", with: "0")
        }
        #expect(paths.count >= 7)
        for path in paths + ["/nowhere", "/oauth2/nowhere", "/api/login", "/oauth2/token"] {
            let get = await fixture.api.respond(to: APIRequest(method: .get, target: path, fields: fields))
            let head = await fixture.api.respond(to: APIRequest(method: .head, target: path, fields: fields))
            #expect(head.status == get.status, "\(path)")
            #expect(head.fields == get.fields, "\(path)")
            #expect(head.bytes.isEmpty, "\(path)")
            #expect(head.contentLength == get.bytes.count && get.bytes.count > 0, "\(path)")
        }
    }
}
