import Foundation
import NIOHTTP1
import Testing

@Suite("Invalid requests", .timeLimit(.minutes(10)))
struct BadInputTests {
    static func problem(_ answer: HTTPCall.Answer, status: Int, code: String) {
        #expect(answer.status == status)
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(answer["code"] == code)
        #expect(answer.json["status"] as? Int == status)
        for member in ["type", "title", "detail", "message"] { #expect(answer[member]?.isEmpty == false) }
    }

    static func faults(_ answer: HTTPCall.Answer) -> [String] {
        (answer.json["errors"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
    }

    @Test func `Each kind of invalid request gets its documented status and code`() async throws {
        let issuer = try await RunningIssuer.start()
        let register = issuer.url + "/api/register"
        let json = [("Content-Type", "application/json")]

        Self.problem(
            try await HTTPCall.send(.POST, register, headers: json, body: Array(repeating: 0x20, count: 16 * 1024 + 1)),
            status: 413, code: "body_too_large")
        Self.problem(
            try await HTTPCall.send(.POST, register, headers: [("Content-Type", "text/plain")], body: Array("{}".utf8)),
            status: 415, code: "unsupported_media_type")
        for text in ["", "{", "[]", "null", "{\"a\":1,\"a\":2}", "{\"name\":\"\\ud800\"}", "{}x", "nul"] {
            Self.problem(
                try await HTTPCall.send(.POST, register, headers: json, body: Array(text.utf8)),
                status: 400, code: "malformed_request")
        }
        Self.problem(try await HTTPCall.get(issuer.url + "/nowhere"), status: 404, code: "not_found")
        let method = try await HTTPCall.send(.DELETE, issuer.url + "/api/login")
        Self.problem(method, status: 405, code: "method_not_allowed")
        #expect(method.header("Allow") == "POST")
        #expect(try await HTTPCall.send(.POST, issuer.url + "/.well-known/jwks.json").header("Allow") == "GET, HEAD")
    }

    @Test func `One answer lists every invalid field`() async throws {
        let issuer = try await RunningIssuer.start()
        let register = issuer.url + "/api/register"
        let cases: [([String: Any], Set<String>)] = [
            ([:], ["name", "email", "password"]),
            (["name": "", "email": "nobody", "password": "short"], ["name", "email", "password"]),
            (["name": 7, "email": true, "password": ["a"]], ["name", "email", "password"]),
            (["name": NSNull(), "email": "a@example.com", "password": "short"], ["name", "password"]),
            (["name": "Line\nbreak", "email": "a@example.com", "password": "correct horse"], ["name"]),
            (["name": "A", "email": "a b@example.com", "password": "correct horse"], ["email"]),
            (["name": "A", "email": "a@example.com", "password": "1234567"], ["password"]),
            (["name": "A", "email": "a@example.com", "password": String(repeating: "x", count: 1025)], ["password"]),
            (
                ["name": String(repeating: "x", count: 101), "email": "a@example.com", "password": "correct horse"],
                ["name"]
            ),
            (
                [
                    "name": "A", "email": String(repeating: "x", count: 250) + "@example.com",
                    "password": "correct horse",
                ], ["email"]
            ),
        ]
        for (body, fields) in cases {
            let answer = try await HTTPCall.post(register, json: body)
            Self.problem(answer, status: 400, code: "invalid_input")
            #expect(Set(Self.faults(answer)) == fields)
            #expect(Self.faults(answer).count == fields.count)
        }
        let listed = try await issuer.command(["users", "list", "--json"])
        #expect(listed.output == "[]\n")

        let login = try await HTTPCall.post(issuer.url + "/api/login", json: ["email": 1])
        Self.problem(login, status: 400, code: "invalid_input")
        #expect(Set(Self.faults(login)) == ["email", "password"])
    }

    @Test func `Unknown fields are ignored, and a second account for the same address is refused in any spelling`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let register = issuer.url + "/api/register"
        let first = try await HTTPCall.post(
            register, json: ["name": "A", "email": "a@example.com", "password": "correct horse", "admin": true])
        #expect(first.status == 201)
        let second = try await HTTPCall.post(
            register, json: ["name": "B", "email": " A@EXAMPLE.com ", "password": "correct horse"])
        Self.problem(second, status: 400, code: "user_exists")
        #expect(second["message"] == "User already exists")
    }

    @Test func `Foreign and malformed tokens are refused with the texts that clients compare`() async throws {
        let issuer = try await RunningIssuer.start()
        let profile = issuer.url + "/api/profile"
        let missing = try await HTTPCall.get(profile)
        Self.problem(missing, status: 401, code: "missing_token")
        #expect(missing["message"] == "Access denied. No token provided.")
        #expect(missing.header("WWW-Authenticate") == "Bearer realm=\"signet\"")
        for token in ["x", "a.b.c", String(repeating: "a", count: 20_000)] {
            let bad = try await HTTPCall.get(profile, token: token)
            Self.problem(bad, status: 401, code: "invalid_token")
            #expect(bad["message"] == "Invalid token")
            #expect(bad.header("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)
        }
        let refresh = issuer.url + "/api/refresh-token"
        for body in [[:], ["refreshToken": ""], ["refreshToken": 5]] as [[String: Any]] {
            let answer = try await HTTPCall.post(refresh, json: body)
            Self.problem(answer, status: 400, code: "refresh_token_required")
            #expect(answer["message"] == "Refresh token required")
            #expect(try await HTTPCall.post(issuer.url + "/api/logout", json: body).status == 400)
        }
        for token in ["x", "srt_AAAA", "srt_" + String(repeating: "A", count: 72)] {
            let answer = try await HTTPCall.post(refresh, json: ["refreshToken": token])
            Self.problem(answer, status: 401, code: "invalid_refresh_token")
            #expect(answer["message"] == "Invalid refresh token")
        }
        let unknown = try await HTTPCall.post(
            issuer.url + "/api/login", json: ["email": "nobody@example.com", "password": "correct horse"])
        Self.problem(unknown, status: 401, code: "invalid_credentials")
        #expect(unknown["message"] == "Invalid credentials")
    }

    @Test func `An expired access token gets another error than an invalid one`() async throws {
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_ACCESS_TOKEN_TTL": "1s"])
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        // Access tokens of this service expire after one second. The test repeats the request until then.
        var answer = try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access)
        let deadline = ContinuousClock.now + .seconds(60)
        while answer.status == 200, ContinuousClock.now < deadline {
            answer = try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access)
        }
        Self.problem(answer, status: 401, code: "token_expired")
        #expect(answer["message"] == "Token expired")
    }

    @Test func `Invalid requests to the OAuth endpoints get the error objects of RFC 6749`() async throws {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--scope", "orders.read"])
        let blind = try await issuer.createClient(["--no-introspection", "--no-client-credentials"])
        let introspect = issuer.url + "/oauth2/introspect"
        let token = issuer.url + "/oauth2/token"

        func expect(_ answer: HTTPCall.Answer, _ status: Int, _ error: String) {
            #expect(answer.status == status)
            #expect(answer["error"] == error)
            #expect(answer.header("Cache-Control") == "no-store")
        }
        let anonymous = try await HTTPCall.post(introspect, form: [("token", "x")])
        expect(anonymous, 401, "invalid_client")
        #expect(anonymous.header("WWW-Authenticate")?.hasPrefix("Basic ") == true)
        expect(
            try await HTTPCall.post(introspect, form: [("token", "x")], client: (client.id, "wrong")), 401,
            "invalid_client")
        expect(try await HTTPCall.post(introspect, form: [], client: client), 400, "invalid_request")
        expect(
            try await HTTPCall.post(introspect, form: [("token", "x"), ("token", "y")], client: client), 400,
            "invalid_request")
        expect(
            try await HTTPCall.post(
                introspect, form: [("token", "x"), ("client_id", client.id), ("client_secret", client.secret)],
                client: client), 400, "invalid_request")
        expect(try await HTTPCall.post(introspect, form: [("token", "x")], client: blind), 403, "insufficient_scope")
        expect(try await HTTPCall.post(introspect, json: ["token": "x"]), 415, "invalid_request")
        expect(
            try await HTTPCall.post(
                introspect, form: [("token", String(repeating: "x", count: 17_000))], client: client),
            413, "invalid_request")
        #expect(
            try await HTTPCall.post(
                introspect, form: [("token", "x"), ("client_id", client.id), ("client_secret", client.secret)]
            ).text == "{\"active\":false}")

        expect(try await HTTPCall.post(token, form: [], client: client), 400, "invalid_request")
        expect(
            try await HTTPCall.post(token, form: [("grant_type", "password")], client: client), 400,
            "unsupported_grant_type")
        expect(
            try await HTTPCall.post(token, form: [("grant_type", "client_credentials")], client: blind), 400,
            "unauthorized_client")
        expect(
            try await HTTPCall.post(
                token, form: [("grant_type", "client_credentials"), ("scope", "admin")], client: client), 400,
            "invalid_scope")
        expect(
            try await HTTPCall.post(token, form: [("grant_type", "refresh_token"), ("refresh_token", "srt_x")]), 400,
            "invalid_grant")
        expect(
            try await HTTPCall.post(
                token, form: [("grant_type", "refresh_token"), ("refresh_token", "srt_x")], client: (client.id, "no")),
            401, "invalid_client")
        let granted = try await HTTPCall.post(token, form: [("grant_type", "client_credentials")], client: client)
        #expect(granted.status == 200)
        #expect(granted["scope"] == "orders.read")
        #expect(granted.json["refresh_token"] == nil)
        let revoked = try await HTTPCall.post(
            issuer.url + "/oauth2/revoke", form: [("token", granted["access_token"] ?? "")], client: client)
        #expect(revoked.status == 200)
        #expect(
            try await HTTPCall.post(introspect, form: [("token", granted["access_token"] ?? "")], client: client).text
                == "{\"active\":false}")
        expect(
            try await HTTPCall.post(issuer.url + "/oauth2/revoke", form: [("token", "x")], client: (blind.id, "no")),
            401, "invalid_client")
    }

    @Test func `A client that revokes another client's token gets unauthorized_client`() async throws {
        let issuer = try await RunningIssuer.start()
        let (owner, other) = (try await issuer.createClient(), try await issuer.createClient())
        let granted = try await HTTPCall.post(
            issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")], client: owner)
        let form = [("token", try #require(granted["access_token"]))]
        let refused = try await HTTPCall.post(issuer.url + "/oauth2/revoke", form: form, client: other)
        #expect(refused.status == 400)
        #expect(refused["error"] == "unauthorized_client")
        let seen = try await HTTPCall.post(issuer.url + "/oauth2/introspect", form: form, client: other)
        #expect(seen.json["active"] as? Bool == true)
    }
}
