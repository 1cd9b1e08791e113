import HTTPTypes
import JOSE
import Testing

@testable import SignetAPI

@Suite("Cross-origin requests")
struct CrossOriginTests {
    private static let app = "https://app.example.com"

    private static func answer(
        _ method: HTTPRequest.Method, _ target: String, _ fields: HeaderFields
    ) async throws -> APIResponse {
        let policy = BrowserPolicy(
            identifier: try #require(IssuerIdentifier("https://id.example.com/id")),
            allowedOrigins: [try #require(WebOrigin(app))])
        let api = API(
            ["/api/now", "/oauth2/now", "/now"].map { path in
                Endpoint(.get, path, statuses: [200], .immediate { _ in .json(["a": "b"]) })
            }, issuerPath: "/id", browser: policy)
        return await api.respond(to: APIRequest(method: method, target: target, fields: fields))
    }

    @Test(arguments: ["/api/now", "/id/api/now", "/api/nowhere"], [app, "https://id.example.com"])
    func `a preflight request of an allowed origin gets 204 with what the API allows`(
        path: String, origin: String
    ) async throws {
        let response = try await Self.answer(
            .options, path, [.origin: origin, .accessControlRequestMethod: "DELETE"])
        #expect(response.status == .noContent)
        #expect(response.contentLength == nil)
        #expect(
            response.fields == [
                .accessControlAllowOrigin: origin, .accessControlAllowCredentials: "true",
                .accessControlAllowMethods: "GET, HEAD, POST, DELETE",
                .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600",
                .vary: "Origin",
            ])
    }

    @Test(
        arguments: [
            ("/api/now", [.origin: "https://evil.example", .accessControlRequestMethod: "GET"]),
            ("/api/now", [.origin: app]), ("/api/now", [.accessControlRequestMethod: "GET"]),
            ("/api/now", [.origin: app, .origin: app, .accessControlRequestMethod: "GET"]),
            ("/oauth2/now", [.origin: app, .accessControlRequestMethod: "GET"]),
            ("/now", [.origin: app, .accessControlRequestMethod: "GET"]),
        ] as [(String, HeaderFields)])
    func `any other OPTIONS request gets 405`(path: String, fields: HeaderFields) async throws {
        let response = try await Self.answer(.options, path, fields)
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.accessControlAllowMethods] == nil)
    }

    @Test(
        arguments: [(.get, "/api/now", 200), (.get, "/api/nowhere", 404), (.post, "/id/api/now", 405)]
            as [(HTTPRequest.Method, String, Int)])
    func `an allowed origin may read every response below the API's path, errors included`(
        method: HTTPRequest.Method, path: String, status: Int
    ) async throws {
        let response = try await Self.answer(method, path, [.origin: Self.app])
        #expect(response.status.code == status)
        #expect(response.fields[.accessControlAllowOrigin] == Self.app)
        #expect(response.fields[.accessControlAllowCredentials] == "true")
        #expect(response.fields[.accessControlExposeHeaders] == "Retry-After, WWW-Authenticate")
        #expect(response.fields[.vary] == "Origin")
    }

    @Test(arguments: [[.origin: "https://evil.example"], [:], [.origin: app, .origin: app]] as [HeaderFields])
    func `another origin may read none, and caches keep the responses apart`(fields: HeaderFields) async throws {
        let response = try await Self.answer(.get, "/api/now", fields)
        #expect(response.status == .ok)
        #expect(response.fields[.vary] == "Origin")
        #expect(response.fields[.accessControlAllowOrigin] == nil)
        #expect(response.fields[.accessControlAllowCredentials] == nil)
    }

    @Test(arguments: ["/oauth2/now", "/now", "/nowhere"])
    func `responses outside of the API's path have no cross-origin fields`(path: String) async throws {
        let response = try await Self.answer(.get, path, [.origin: Self.app])
        #expect(response.fields[.vary] == nil)
        #expect(response.fields[.accessControlAllowOrigin] == nil)
    }
}
