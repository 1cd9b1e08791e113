import Foundation
import NIOHTTP1
import SignetClient
import SignetVerifierHTTP
import TestSupport
import Testing

@Suite("Logins for other audiences and scopes", .timeLimit(.minutes(10)))
struct LoginGrantTests {
    private static let orders = "https://orders.example.com"
    private static let settings = [
        "SIGNET_ISSUER": "https://id.example.com", "SIGNET_LOGIN_AUDIENCES": "\(orders), stock",
        "SIGNET_LOGIN_SCOPES": "orders:read orders:write",
    ]

    private static func introspect(
        _ token: String, at issuer: RunningIssuer, by client: (id: String, secret: String)
    ) async throws -> HTTPCall.Answer {
        try await HTTPCall.post(issuer.url + "/oauth2/introspect", form: [("token", token)], client: client)
    }

    /// The claims of an access token.
    private static func claims(_ token: String?) throws -> [String: Any] {
        var text = try #require(token?.split(separator: ".").dropFirst().first)
            .replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        let data = try #require(Data(base64Encoded: text))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func `A person reaches a service that requires its own audience and scope, until the logout`() async throws {
        // The example service fetches the issuer's keys, so the issuer identifier must be the URL of the service.
        var settings = Self.settings
        settings["SIGNET_ISSUER"] = nil
        let issuer = try await RunningIssuer.start(settings: settings)
        let service = try await RunningOrdersService.start(for: issuer, audience: Self.orders)
        let person = try await Person.register(at: issuer)
        let request: [String: Any] = ["audience": Self.orders, "scope": "orders:read"]

        let tokens = try await person.login(request)
        #expect(try await HTTPCall.get(service.url + "/orders", token: tokens.access, contract: nil).status == 200)
        let refreshed = try await person.refresh(tokens.refresh)
        let next = try #require(refreshed["accessToken"])
        #expect(try await HTTPCall.get(service.url + "/orders", token: next, contract: nil).status == 200)

        let plain = try await person.login()
        let wrongAudience = try await HTTPCall.get(service.url + "/orders", token: plain.access, contract: nil)
        #expect(wrongAudience.status == 401)
        let noScope = try await person.login(["audience": Self.orders])
        #expect(try await HTTPCall.get(service.url + "/orders", token: noScope.access, contract: nil).status == 403)
        let refused = try await HTTPCall.get(issuer.url + "/api/profile", token: next)
        #expect(refused.status == 401 && refused["code"] == "invalid_token")

        let client = try await issuer.createClient(["--audience", Self.orders, "--no-client-credentials"])
        let seen = try await Self.introspect(next, at: issuer, by: client)
        #expect(seen.json["active"] as? Bool == true)
        #expect(seen["aud"] == Self.orders && seen["scope"] == "orders:read" && seen["client_id"] == "first-party")
        let other = try await issuer.createClient()
        #expect(try await Self.introspect(next, at: issuer, by: other).text == "{\"active\":false}")
        let refresh = try #require(refreshed["refreshToken"])
        #expect(try await HTTPCall.post(issuer.url + "/api/logout", json: ["refreshToken": refresh]).status == 200)
        #expect(try await Self.introspect(next, at: issuer, by: client).text == "{\"active\":false}")
    }

    @Test func `Without settings, a login gets the issuer's audience and the scope account, and nothing else`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        for member in [["audience": "stock"], ["scope": "orders:read"], ["audience": Self.orders]] {
            let credentials = ["email": person.email, "password": person.password]
            let answer = try await HTTPCall.post(
                issuer.url + "/api/login", json: member.merging(credentials) { $1 })
            #expect(answer.status == 400 && answer["code"] == "invalid_input")
            let errors = answer.json["errors"] as? [[String: String]]
            #expect(errors?.map { $0["field"] } == [member.keys.first])
            #expect(errors?.first?["code"] == "invalidValue")
        }
        let tokens = try await person.login(["audience": issuer.issuer, "scope": "account"])
        #expect(try Self.claims(tokens.access)["aud"] as? String == issuer.issuer)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access).status == 200)
        #expect(await issuer.terminate() == 0)
        let log = try await issuer.command(["audit", "list", "--type", "login", "--json"])
        #expect(log.output.contains("audience_not_allowed") && log.output.contains("scope_not_allowed"))
        #expect(!log.output.contains("stock"))
    }

    @Test func `Every endpoint for users answers 403 to a token without the scope account`() async throws {
        let issuer = try await RunningIssuer.start(settings: Self.settings)
        let person = try await Person.register(at: issuer)
        let narrow = try await person.login(["scope": "orders:read"])
        let requests: [(HTTPMethod, String, [String: String]?)] = [
            (.GET, "/api/profile", nil), (.GET, "/api/sessions", nil), (.DELETE, "/api/sessions", nil),
            (.DELETE, "/api/sessions/\(UUID().uuidString.lowercased())", nil),
            (.POST, "/api/password", ["currentPassword": person.password, "newPassword": "staple orthodox lamp"]),
            (.DELETE, "/api/account", ["password": person.password]),
        ]
        for (method, path, body) in requests {
            let answer = try await HTTPCall.send(
                method, issuer.url + path,
                headers: [("Authorization", "Bearer \(narrow.access)"), ("Content-Type", "application/json")],
                body: try body.map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) })
            #expect(answer.status == 403, "\(method) \(path)")
            #expect(answer["code"] == "insufficient_scope")
            #expect(answer.header("WWW-Authenticate")?.contains("scope=\"account\"") == true)
        }
        // The password and the account are unchanged.
        _ = try await person.login()
    }

    @Test func `An audience or scope that the operator withdraws is gone at the next refresh, at both endpoints`()
        async throws
    {
        let first = try await RunningIssuer.start(settings: Self.settings)
        let person = try await Person.register(at: first)
        let wide = try await person.login(["audience": [Self.orders, "stock"], "scope": "account orders:read"])
        let only = try await person.login(["audience": "stock", "scope": "orders:read"])
        #expect(await first.terminate() == 0)

        var less = Self.settings
        less["SIGNET_LOGIN_AUDIENCES"] = Self.orders
        less["SIGNET_LOGIN_SCOPES"] = nil
        let second = try await RunningIssuer.start(settings: less, in: first.directory)
        func form(_ token: String, _ more: [(String, String)] = []) async throws -> HTTPCall.Answer {
            try await HTTPCall.post(
                second.url + "/oauth2/token",
                form: [("grant_type", "refresh_token"), ("refresh_token", token)] + more)
        }
        let refreshed = try await HTTPCall.post(
            second.url + "/api/refresh-token", json: ["refreshToken": wide.refresh])
        #expect(refreshed.status == 200)
        #expect(try Self.claims(refreshed["accessToken"])["aud"] as? String == Self.orders)
        #expect(try Self.claims(refreshed["accessToken"])["scope"] as? String == "account")
        let token = try #require(refreshed["refreshToken"])
        #expect(try await form(token, [("audience", "stock")])["error"] == "invalid_target")
        #expect(try await form(token, [("scope", "orders:read")])["error"] == "invalid_scope")
        let standard = try await form(token)
        #expect(standard["scope"] == "account")
        #expect(try Self.claims(standard["access_token"])["aud"] as? String == Self.orders)

        // Nothing is left of what this login requested, and it gets nothing else in its place.
        let gone = try await HTTPCall.post(second.url + "/api/refresh-token", json: ["refreshToken": only.refresh])
        #expect(gone.status == 401 && gone["code"] == "refresh_token_dead")
        #expect(try await form(only.refresh)["error"] == "invalid_grant")
        #expect(await second.terminate() == 0)
        let log = try await second.command(["audit", "list", "--type", "refresh_refused", "--json"])
        for reason in ["audience_not_allowed", "scope_not_allowed", "grant_withdrawn"] {
            #expect(log.output.contains(reason), "\(log.output)")
        }

        let third = try await RunningIssuer.start(settings: Self.settings, in: first.directory)
        let back = try await HTTPCall.post(third.url + "/api/refresh-token", json: ["refreshToken": only.refresh])
        #expect(try Self.claims(back["accessToken"])["aud"] as? String == "stock")
    }

    @Test func `SignetClient logs in for audiences and scopes, and keeps them at a refresh`() async throws {
        let issuer = try await RunningIssuer.start(settings: Self.settings)
        let person = try await Person.register(at: issuer)
        let session = try UserSession(issuer: issuer.url, fetcher: HTTPClientFetcher.shared)
        let refused = await #expect(throws: ClientError.self) {
            try await session.logIn(email: person.email, password: person.password, audiences: ["shop"])
        }
        #expect(refused?.code == .invalidInput)
        #expect(refused?.detail.contains("audience") == true)
        try await session.logIn(
            email: person.email, password: person.password, audiences: [Self.orders, "stock"],
            scopes: ["account", "orders:read"])
        let first = try await session.accessToken()
        for token in [first, try await session.accessToken(insteadOf: first)] {
            let claims = try Self.claims(token)
            #expect(claims["aud"] as? [String] == [Self.orders, "stock"])
            #expect(claims["scope"] as? String == "account orders:read")
        }
    }

    @Test func `A login with cookie delivery keeps its audience when the page refreshes`() async throws {
        let issuer = try await RunningIssuer.start(settings: Self.settings)
        let person = try await Person.register(at: issuer)
        let page = [("Origin", "https://id.example.com"), ("Sec-Fetch-Site", "same-origin")]
        let login = try await HTTPCall.post(
            issuer.url + "/api/login",
            json: [
                "email": person.email, "password": person.password, "delivery": "cookie", "audience": ["stock"],
            ], headers: page)
        #expect(login.status == 200)
        let cookie = try #require(login.header("Set-Cookie")?.split(separator: ";").first)
        let refreshed = try await HTTPCall.post(
            issuer.url + "/api/refresh-token", json: [:], headers: page + [("Cookie", String(cookie))])
        #expect(refreshed.status == 200)
        #expect(try Self.claims(refreshed["accessToken"])["aud"] as? String == "stock")
    }
}
