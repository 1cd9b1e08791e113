import HTTPTypes
import JOSE
import SignetIssuer
import Testing

@testable import SignetAPI

@Suite("Audiences and scopes of logins")
struct LoginGrantTests {
    private static let credentials = #""email":"\#(APIFixture.email)","password":"\#(APIFixture.password)""#

    /// Sends a request with a JSON body, and returns the status and the JSON of the response.
    private static func post(
        _ path: String, _ body: String, at fixture: APIFixture
    ) async throws -> (status: Int, json: JSONObject) {
        let response = await fixture.api.respond(to: .json(.post, path, body))
        return (response.status.code, try JSONObject(parsing: response.bytes))
    }

    private static func claims(_ json: JSONObject, _ member: String = "accessToken") throws -> JSONObject {
        let payload = try #require(json[member]?.string?.split(separator: ".").dropFirst().first)
        return try JSONObject(parsing: try #require(Base64URL.decode(payload.utf8)))
    }

    /// The names and codes of the fields in `errors`.
    private static func faults(_ json: JSONObject) -> [String] {
        (json["errors"]?.array ?? []).map { error in
            "\(error.object?["field"]?.string ?? "") \(error.object?["code"]?.string ?? "")"
        }
    }

    @Test(arguments: [
        ("", #""https://id.example.com""#, "account"), (#","audience":null,"scope":null"#, nil, "account"),
        (#","audience":[],"scope":"""#, nil, "account"), (#","audience":"stock""#, #""stock""#, "account"),
        (#","audience":["stock"],"scope":"orders:read""#, #""stock""#, "orders:read"),
        (
            #","audience":["stock","https://id.example.com"],"scope":"account orders:read""#,
            #"["stock","https://id.example.com"]"#, "account orders:read"
        ),
    ])
    func `a login names its audience as a string or an array, and its scope as text`(
        members: String, audience: String?, scope: String
    ) async throws {
        let fixture = try APIFixture()
        _ = try await fixture.session()
        let (status, json) = try await Self.post("/api/login", "{\(Self.credentials)\(members)}", at: fixture)
        #expect(status == 200)
        let expected = try JSONValue(parsing: Array((audience ?? #""https://id.example.com""#).utf8))
        for json in [json, try await Self.refreshed(json, at: fixture)] {
            let claims = try Self.claims(json)
            #expect(claims["aud"] == expected)
            #expect(claims["scope"] == .string(scope))
        }
    }

    private static func refreshed(_ json: JSONObject, at fixture: APIFixture) async throws -> JSONObject {
        let token = try #require(json["refreshToken"]?.string)
        return try await post("/api/refresh-token", #"{"refreshToken":"\#(token)"}"#, at: fixture).json
    }

    @Test(arguments: [
        (#""audience":"shop""#, ["audience invalidValue"], ["audience invalidValue"]),
        (#""audience":[""]"#, ["audience invalidValue"], ["audience invalidValue"]),
        (
            #""audience":["stock","shop"],"scope":"admin""#, ["audience invalidValue", "scope invalidValue"],
            ["scope invalidValue"]
        ),
        (#""audience":7"#, ["audience wrongType"], ["audience wrongType"]),
        (#""audience":["stock",7]"#, ["audience wrongType"], ["audience wrongType"]),
        (
            #""audience":{},"scope":["account"]"#, ["audience wrongType", "scope wrongType"],
            ["audience wrongType", "scope wrongType"]
        ),
        (#""audience":["a","a","a","a","a","a","a","a","a"]"#, ["audience tooLong"], ["audience tooLong"]),
        (#""scope":"account  orders:read""#, ["scope invalidValue"], ["scope invalidValue"]),
    ])
    func `a bad audience or scope is a fault of its field, for a login and for a refresh`(
        members: String, atLogin: [String], atRefresh: [String]
    ) async throws {
        let fixture = try APIFixture()
        let session = try await fixture.session()
        let login = try await Self.post("/api/login", "{\(Self.credentials),\(members)}", at: fixture)
        #expect(login.status == 400 && login.json["code"] == "invalid_input")
        #expect(Self.faults(login.json) == atLogin)
        let refresh = try await Self.post(
            "/api/refresh-token", #"{"refreshToken":"\#(session.refreshToken)",\#(members)}"#, at: fixture)
        #expect(refresh.status == 400 && refresh.json["code"] == "invalid_input")
        #expect(Self.faults(refresh.json) == atRefresh)
    }

    @Test func `a refresh narrows one access token, under /api as at the token endpoint`() async throws {
        let fixture = try APIFixture()
        let own = APIFixture.identifier
        let first = try await fixture.session(for: [own, "stock"], scope: "account orders:read")
        let narrow = try await Self.post(
            "/api/refresh-token",
            #"{"refreshToken":"\#(first.refreshToken)","audience":"stock","scope":"orders:read"}"#, at: fixture)
        #expect(narrow.status == 200)
        #expect(try Self.claims(narrow.json)["aud"] == "stock")
        #expect(try Self.claims(narrow.json)["scope"] == "orders:read")
        let next = try #require(narrow.json["refreshToken"]?.string)
        for (parameters, audience, scope) in [
            ("&audience=stock&scope=account", "stock" as JSONValue, "account"),
            ("&resource=https://id.example.com", .string(own), "account orders:read"),
            ("", [.string(own), "stock"], "account orders:read"),
        ] {
            let form = "grant_type=refresh_token&refresh_token=\(next)\(parameters)"
            let response = await fixture.api.respond(to: .form("/oauth2/token", form))
            #expect(response.status == .ok)
            let json = try JSONObject(parsing: response.bytes)
            #expect(try Self.claims(json, "access_token")["aud"] == audience)
            #expect(json["scope"] == .string(scope))
        }
    }

    @Test func `the token endpoint refuses what the login did not request`() async throws {
        let fixture = try APIFixture()
        let session = try await fixture.session(for: ["stock"])
        for (parameters, code) in [
            ("audience=shop", "invalid_target"), ("resource=https://id.example.com", "invalid_target"),
            ("resource=stock", "invalid_target"), ("scope=orders:read", "invalid_scope"),
        ] {
            let form = "grant_type=refresh_token&refresh_token=\(session.refreshToken)&\(parameters)"
            let response = await fixture.api.respond(to: .form("/oauth2/token", form))
            #expect(response.status == .badRequest)
            #expect(try JSONObject(parsing: response.bytes)["error"] == .string(code))
        }
    }

    @Test func `a token without the scope account gets 403 with the challenge of RFC 6750`() async throws {
        let fixture = try APIFixture()
        let response = await fixture.api.respond(
            to: APIRequest(method: .get, target: "/api/profile", fields: try await fixture.bearerWithoutAccount()))
        #expect(response.status == .forbidden)
        #expect(try JSONObject(parsing: response.bytes)["code"] == "insufficient_scope")
        let challenge = try #require(response.fields[.wwwAuthenticate])
        #expect(challenge.contains(#"error="insufficient_scope""#) && challenge.hasSuffix(#"scope="account""#))
    }

    @Test func `the metadata lists the scope values that a login may request`() async throws {
        let fixture = try APIFixture()
        let response = await fixture.api.respond(
            to: APIRequest(method: .get, target: "/.well-known/oauth-authorization-server"))
        #expect(try JSONObject(parsing: response.bytes)["scopes_supported"] == ["account", "orders:read"])
    }
}
