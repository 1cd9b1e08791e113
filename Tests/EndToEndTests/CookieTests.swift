import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Refresh tokens in cookies", .timeLimit(.minutes(10)))
struct CookieTests {
    private static let app = "https://app.example.com"
    private static let name = "__Secure-signet-refresh"

    private func start() async throws -> (RunningIssuer, Person) {
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_ALLOWED_ORIGINS": Self.app])
        return (issuer, try await Person.register(at: issuer))
    }

    private func login(_ person: Person, headers: [(String, String)] = [("Origin", app)]) async throws
        -> HTTPCall.Answer
    {
        try await HTTPCall.post(
            person.issuer.url + "/api/login",
            json: ["email": person.email, "password": person.password, "delivery": "cookie"], headers: headers)
    }

    /// Expects that an answer sets exactly one cookie, and returns the `name=value` part of the cookie.
    private func cookie(_ answer: HTTPCall.Answer) throws -> String {
        #expect(answer.headers["Set-Cookie"].count == 1)
        let parts = try #require(answer.header("Set-Cookie")).split(separator: "; ").map(String.init)
        #expect(
            Set(parts.dropFirst().filter { !$0.hasPrefix("Max-Age=") }) == [
                "Path=/api", "Secure", "HttpOnly", "SameSite=Strict",
            ])
        return try #require(parts.first)
    }

    @Test func `Login, refresh and logout with a cookie never put the token in a body`() async throws {
        let (issuer, person) = try await start()
        let begun = try await login(person)
        #expect(begun.status == 200)
        #expect(begun.json["refreshToken"] == nil)
        #expect(!begun.text.contains("srt_"))
        #expect(begun.json["user"] != nil)
        #expect(begun.header("Set-Cookie")?.contains("Max-Age=604800;") == true)
        let first = try cookie(begun)
        #expect(first.hasPrefix(Self.name + "=srt_"))

        let refresh = issuer.url + "/api/refresh-token"
        let refreshed = try await HTTPCall.post(
            refresh, json: [:], headers: [("Cookie", "a=b; " + first), ("Sec-Fetch-Site", "same-origin")])
        #expect(refreshed.status == 200)
        #expect(!refreshed.text.contains("srt_"))
        #expect(refreshed["accessToken"] != nil)
        let second = try cookie(refreshed)
        #expect(second != first)
        #expect(second.hasPrefix(Self.name + "=srt_"))

        let logout = try await HTTPCall.post(
            issuer.url + "/api/logout", json: [:], headers: [("Cookie", second), ("Origin", Self.app)])
        #expect(logout.status == 200)
        #expect(try cookie(logout) == Self.name + "=")
        #expect(logout.header("Set-Cookie")?.contains("Max-Age=0;") == true)
        let dead = try await HTTPCall.post(refresh, json: [:], headers: [("Cookie", second), ("Origin", Self.app)])
        BadInputTests.problem(dead, status: 401, code: "refresh_token_dead")
        // A refused refresh must not clear the cookie. A login in another browser tab may have set a newer cookie.
        #expect(dead.header("Set-Cookie") == nil)
    }

    @Test func `A cookie from a foreign or unknown origin is refused and has no effect`() async throws {
        let (issuer, person) = try await start()
        let cookie = try cookie(try await login(person))
        let before = try await issuer.command(["sessions", "list", "--json"]).output
        let sources: [[(String, String)]] = [
            [], [("Origin", "https://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")],
            [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example.com")],
            [("Sec-Fetch-Site", "none"), ("Origin", Self.app)],
        ]
        for source in sources {
            for path in ["/api/refresh-token", "/api/logout"] {
                let answer = try await HTTPCall.post(
                    issuer.url + path, json: [:], headers: source + [("Cookie", cookie)])
                BadInputTests.problem(answer, status: 403, code: "origin_not_allowed")
                #expect(answer.header("Set-Cookie") == nil)
                #expect(answer.header("Access-Control-Allow-Origin") == (source.last?.1 == Self.app ? Self.app : nil))
            }
            let refused = try await login(person, headers: source)
            BadInputTests.problem(refused, status: 403, code: "origin_not_allowed")
        }
        #expect(try await issuer.command(["sessions", "list", "--json"]).output == before)
        let allowed = try await HTTPCall.post(
            issuer.url + "/api/refresh-token", json: [:],
            headers: [("Cookie", cookie), ("Origin", Self.app), ("Sec-Fetch-Site", "cross-site")])
        #expect(allowed.status == 200)
        let form = try await HTTPCall.send(
            .POST, issuer.url + "/api/logout",
            headers: [("Cookie", cookie), ("Origin", Self.app), ("Content-Type", "text/plain")], body: Array("{}".utf8))
        BadInputTests.problem(form, status: 415, code: "unsupported_media_type")
    }

    @Test func `A token in the body overrides the cookie and is answered in the body`() async throws {
        let (issuer, person) = try await start()
        let cookie = try cookie(try await login(person))
        let tokens = try await person.login()
        let refreshed = try await HTTPCall.post(
            issuer.url + "/api/refresh-token", json: ["refreshToken": tokens.refresh], headers: [("Cookie", cookie)])
        #expect(refreshed.status == 200)
        #expect(refreshed.header("Set-Cookie") == nil)
        let next = try #require(refreshed["refreshToken"])
        let logout = try await HTTPCall.post(
            issuer.url + "/api/logout", json: ["refreshToken": next], headers: [("Cookie", cookie)])
        #expect(logout.status == 200)
        #expect(logout.header("Set-Cookie") == nil)
        for body in [["refreshToken": ""], ["refreshToken": 5]] as [[String: Any]] {
            BadInputTests.problem(
                try await HTTPCall.post(
                    issuer.url + "/api/refresh-token", json: body, headers: [("Cookie", cookie), ("Origin", Self.app)]),
                status: 400, code: "refresh_token_required")
        }
        BadInputTests.problem(
            try await HTTPCall.post(
                issuer.url + "/api/refresh-token", json: [:],
                headers: [("Cookie", "\(cookie); \(Self.name)=srt_other"), ("Origin", Self.app)]),
            status: 400, code: "malformed_request")
        let wrong = try await HTTPCall.post(
            issuer.url + "/api/login",
            json: ["email": person.email, "password": person.password, "delivery": "pigeon"])
        #expect(BadInputTests.faults(wrong) == ["delivery"])
        let still = try await HTTPCall.post(
            issuer.url + "/api/refresh-token", json: [:], headers: [("Cookie", cookie), ("Origin", Self.app)])
        #expect(still.status == 200)
    }

    @Test func `Ending the current session clears the browser's cookie`() async throws {
        let (issuer, person) = try await start()
        func call(_ method: HTTPMethod, _ path: String, _ login: HTTPCall.Answer, body: String? = nil) async throws
            -> HTTPCall.Answer
        {
            try await HTTPCall.send(
                method, issuer.url + path,
                headers: [
                    ("Authorization", "Bearer \(login["accessToken"] ?? "")"), ("Cookie", try cookie(login)),
                    ("Content-Type", "application/json"),
                ],
                body: body.map { Array($0.utf8) })
        }
        let first = try await login(person)
        let others = try await call(.DELETE, "/api/sessions", first)
        #expect(others.status == 204)
        #expect(others.header("Set-Cookie") == nil)
        let listed = try await call(.GET, "/api/sessions", first).json["sessions"] as? [[String: Any]]
        let id = try #require(listed?.first?["id"] as? String)
        #expect(try cookie(try await call(.DELETE, "/api/sessions/\(id)", first)) == Self.name + "=")
        let second = try await login(person)
        #expect(try cookie(try await call(.DELETE, "/api/sessions?all=true", second)) == Self.name + "=")
        let third = try await login(person)
        let deleted = try await call(.DELETE, "/api/account", third, body: "{\"password\":\"\(person.password)\"}")
        #expect(deleted.status == 204)
        #expect(try cookie(deleted) == Self.name + "=")
    }

    @Test func `CORS headers name the allowed origins only`() async throws {
        let (issuer, _) = try await start()
        func preflight(_ path: String, _ origin: String) async throws -> HTTPCall.Answer {
            try await HTTPCall.send(
                .OPTIONS, issuer.url + path,
                headers: [
                    ("Origin", origin), ("Access-Control-Request-Method", "DELETE"),
                    ("Access-Control-Request-Headers", "authorization"),
                ])
        }
        for origin in [Self.app, issuer.url] {
            let allowed = try await preflight("/api/sessions", origin)
            #expect(allowed.status == 204)
            #expect(allowed.header("Access-Control-Allow-Origin") == origin)
            #expect(allowed.header("Access-Control-Allow-Credentials") == "true")
            #expect(allowed.header("Access-Control-Allow-Methods")?.contains("DELETE") == true)
            #expect(allowed.header("Access-Control-Allow-Headers")?.contains("Authorization") == true)
            #expect(allowed.header("Vary") == "Origin")
            // Error responses also carry CORS headers, so that a page of an allowed origin can read them.
            let refused = try await HTTPCall.get(issuer.url + "/api/profile", headers: [("Origin", origin)])
            #expect(refused.status == 401)
            #expect(refused.header("Access-Control-Allow-Origin") == origin)
        }
        for origin in ["https://evil.example", "null", "https://app.example.com:444"] {
            let refused = try await preflight("/api/sessions", origin)
            #expect(refused.status == 405)
            #expect(refused.header("Access-Control-Allow-Origin") == nil)
            #expect(refused.header("Vary") == "Origin")
        }
        #expect(try await HTTPCall.get(issuer.url + "/api/profile").header("Vary") == "Origin")
        let keys = try await HTTPCall.get(issuer.url + "/.well-known/jwks.json", headers: [("Origin", Self.app)])
        #expect(keys.header("Access-Control-Allow-Origin") == "*")
        #expect(keys.header("Access-Control-Allow-Credentials") == nil)
        #expect(try await preflight("/oauth2/token", Self.app).header("Access-Control-Allow-Origin") == nil)
    }

    @Test func `Invalid origins and proxies stop the start`() async throws {
        let directory = TemporaryDirectory()
        for (name, value, named) in [
            ("SIGNET_ALLOWED_ORIGINS", "https://app.example.com,*", "\"*\""),
            ("SIGNET_ALLOWED_ORIGINS", "https://app.example.com/", "\"https://app.example.com/\""),
            ("SIGNET_ALLOWED_ORIGINS", "http://app.example.com", "\"http://app.example.com\""),
            ("SIGNET_ALLOWED_ORIGINS", ",", "is empty"), ("SIGNET_TRUSTED_PROXIES", "10.0.0.1/8", "\"10.0.0.1/8\""),
            ("SIGNET_TRUSTED_PROXIES", "proxy.example.com", "\"proxy.example.com\""),
        ] {
            let result = try await SignetCommand.run(["serve"], environment: [name: value], directory: directory.url)
            #expect(result.status == 78)
            #expect(result.errors.contains(name))
            #expect(result.errors.contains(named))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path).isEmpty)
    }

    @Test func `X-Forwarded-For counts if a trusted proxy sends it, and not otherwise`() async throws {
        for (trusted, address) in [("127.0.0.0/8", "192.0.2.7"), ("10.0.0.0/8", "127.0.0.1")] {
            let issuer = try await RunningIssuer.start(settings: ["SIGNET_TRUSTED_PROXIES": trusted])
            let person = try await Person.register(at: issuer)
            let login = try await HTTPCall.post(
                issuer.url + "/api/login", json: ["email": person.email, "password": person.password],
                headers: [("X-Forwarded-For", "203.0.113.1, 192.0.2.7"), ("X-Forwarded-For", "127.0.0.9")])
            let sessions = try await HTTPCall.get(issuer.url + "/api/sessions", token: login["accessToken"])
            let session = try #require((sessions.json["sessions"] as? [[String: Any]])?.first)
            #expect(session["createdAddress"] as? String == address)
            #expect(session["lastUsedAddress"] as? String == address)
        }
    }
}
