import Foundation
import TestSupport
import Testing

/// Compares the answers of two services that have the same data and keys. In one service, Hummingbird answers all
/// requests. In the other, the fast lane answers simple requests without Hummingbird.
@Suite("Both lanes of the service", .timeLimit(.minutes(10)))
struct LaneTests {
    @Test func `Every request gets the same answer and is counted the same with the fast lane on and off`() async throws
    {
        let template = try await Template.make()
        let on = try await template.start(fastLane: "on")
        let off = try await template.start(fastLane: "off")
        for request in Self.requests(template) {
            let answers = try [on, off].map { try Self.answer(to: request, from: $0.port) }
            #expect(answers[0] == answers[1], "\(request.prefix(400).debugDescription)")
            #expect(answers[1].hasPrefix("HTTP/1.1 ") || request.isEmpty)
        }
        for path in ["/health/live", "/health/ready", "/nowhere"] {
            let answers = try [on, off].map { try Self.answer(to: Self.get(path), from: $0.opsPort) }
            #expect(answers[0] == answers[1], "\(path)")
        }
        #expect(try await Self.counters(of: on) == Self.counters(of: off))
        for service in [on, off] {
            #expect(!service.messages.contains("request failed"), "\(service.messages)")
            #expect(await service.terminate() == 0)
        }
    }

    /// The lines of `/metrics` that count answered HTTP requests.
    private static func counters(of service: RunningIssuer) async throws -> [String] {
        let page = try await HTTPCall.get("http://127.0.0.1:\(service.opsPort)/metrics", contract: nil).text
        let lines = page.split(separator: "\n").filter { $0.hasPrefix("signet_http_requests_total{") }
        #expect(lines.contains { $0.contains("/oauth2/introspect") && !$0.hasSuffix(" 0") })
        return lines.map(String.init)
    }

    /// Sends a request and returns the answer. Replaces times, ids, tokens and other parts of the answer that differ
    /// from run to run.
    private static func answer(to request: String, from port: Int) throws -> String {
        let answer = try RawExchange.send(request, to: port)
            .replacing(#/Date: [A-Za-z0-9,: ]+/#, with: "Date: now")
            .replacing(#/eyJ[A-Za-z0-9_.-]+/#, with: "JWT")
            // An access token contains a random status list index of one or more digits. So the length of an answer
            // with an access token varies.
            .replacing(#/Content-Length: 1[0-9]{3}/#, with: "Content-Length: thousand")
            // The remaining seconds of a session may differ by one between the answers of the two services.
            .replacing(#/("refreshExpiresIn":|"refresh_expires_in":|Max-Age=)[0-9]+/#) { "\($0.output.1)seconds" }
            .replacing(#/srt_[A-Za-z0-9_-]{20,}/#, with: "refresh token")
            .replacing(#/[0-9a-f]{8}-[0-9a-f-]{27}/#, with: "id")
            .replacing(#/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/#, with: "time")
        // Each service signs its own status lists, so their entity tags differ.
        let comparable =
            request.contains("status-lists") ? answer.replacing(#/ETag: "[^"]*"/#, with: "ETag: tag") : answer
        // After an answer with `Connection: close`, the service may or may not answer further requests, depending on
        // timing (RFC 9112 section 9.6). So ignore all further answers.
        guard let close = comparable.firstRange(of: "Connection: close\r\n"),
            let next = comparable[close.upperBound...].firstRange(of: "HTTP/1.1 ")
        else { return comparable }
        return String(comparable[..<next.lowerBound])
    }

    // MARK: - The services

    /// The data and keys that both services start with: a user with a session, and a client.
    private struct Template {
        let directory: TemporaryDirectory
        let email: String
        let tokens: Person.Tokens
        /// The access token of a session for another audience, and one without the scope `account`.
        let restricted: [String]
        /// The client's `Authorization` header.
        let basic: String

        static let settings = [
            "SIGNET_ISSUER": "http://127.0.0.1:5000", "SIGNET_ALLOWED_ORIGINS": "https://app.example.com",
            "SIGNET_LOGIN_AUDIENCES": "stock", "SIGNET_LOGIN_SCOPES": "orders:read",
        ]

        static func make() async throws -> Template {
            let issuer = try await RunningIssuer.start(settings: settings)
            let person = try await Person.register(at: issuer)
            let client = try await issuer.createClient()
            let other = try await Person.register(at: issuer)
            let template = Template(
                directory: issuer.directory, email: person.email, tokens: try await person.login(),
                restricted: [
                    try await other.login(["audience": "stock"]).access,
                    try await other.login(["scope": "orders:read"]).access,
                ],
                basic: "Authorization: Basic \(Data("\(client.id):\(client.secret)".utf8).base64EncodedString())\r\n")
            #expect(await issuer.terminate() == 0)
            return template
        }

        /// Starts a service on a copy of the data and keys.
        /// - Parameter fastLane: `on` or `off`.
        func start(fastLane: String) async throws -> RunningIssuer {
            let copy = TemporaryDirectory()
            for folder in ["data", "keys"] {
                try FileManager.default.copyItem(atPath: directory.path(folder), toPath: copy.path(folder))
            }
            return try await RunningIssuer.start(
                settings: Self.settings.merging(["SIGNET_FAST_LANE": fastLane]) { $1 }, in: copy)
        }
    }

    // MARK: - The requests

    private static let host = "Host: localhost\r\n"
    private static let form = "Content-Type: application/x-www-form-urlencoded\r\n"
    private static let json = "Content-Type: application/json\r\n"

    private static func get(_ target: String, _ fields: String = "", method: String = "GET") -> String {
        "\(method) \(target) HTTP/1.1\r\n\(host)\(fields)\r\n"
    }

    private static func send(
        _ target: String, _ fields: String, _ body: String, method: String = "POST"
    ) -> String {
        "\(method) \(target) HTTP/1.1\r\n\(host)\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func requests(_ template: Template) -> [String] {
        endpoints(template) + framings(template) + connections(template) + mixtures(template)
    }

    /// Valid and invalid requests to every endpoint. Some requests change the user, so their order matters.
    private static func endpoints(_ template: Template) -> [String] {
        let bearer = "Authorization: Bearer \(template.tokens.access)\r\n"
        let credentials = #"{"email":"\#(template.email)","password":"correct horse battery"}"#
        let token = #"{"refreshToken":"\#(template.tokens.refresh)"}"#
        let origins = ["", "Origin: https://app.example.com\r\n", "Origin: https://evil.example\r\n"]
        let documents = [
            "/", "/.well-known/jwks.json", "/.well-known/openid-configuration", "/.well-known/status-lists/0",
            "/.well-known/status-lists/9", "/.well-known/oauth-authorization-server", "/nowhere", "/oauth2/nowhere",
        ]
        var requests = documents.flatMap { path in
            ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT"].map { get(path, method: $0) }
                + [get(path + "?a=b", "If-None-Match: *\r\n"), get(path + "/", "If-None-Match: \"x\"\r\n")]
        }
        for origin in origins {
            requests += [
                get("/api/profile", bearer + origin), get("/api/profile", origin),
                get("/api/sessions", bearer + origin),
                get("/api/profile", origin + "Authorization: Bearer x\r\n"), get("/api/profile", bearer + bearer),
                get("/api/sessions?limit=1", bearer + origin), get("/api/sessions?limit=x", bearer + origin),
                get("/api/profile", bearer + origin, method: "HEAD"), get("/api/login", origin, method: "HEAD"),
                get("/api/login", origin + "Access-Control-Request-Method: POST\r\n", method: "OPTIONS"),
                send("/api/login", json + origin, "{}"),
                send("/api/login", json + origin, "{"), send("/api/login", origin, credentials),
                send("/api/refresh-token", json + origin, token), send("/api/refresh-token", json + origin, "{}"),
                send("/api/refresh-token", json + origin + "Cookie: __Secure-signet-refresh=x\r\n", "{}"),
                get("/api/sessions/x", bearer + origin, method: "DELETE"), get("/api/sessions/%78/", bearer + origin),
                send("/oauth2/introspect", form + template.basic + origin, "token=\(template.tokens.access)"),
            ]
        }
        requests += [
            send("/oauth2/introspect", form + template.basic, "token=\(template.tokens.refresh)"),
            send("/oauth2/introspect", form + template.basic, "token=x"), send("/oauth2/introspect", form, "token=x"),
            send("/oauth2/introspect", form + template.basic, ""),
            send("/oauth2/introspect", template.basic, "token=x"),
            send("/oauth2/introspect", form + template.basic, "token=x&token=y"),
            send(
                "/oauth2/introspect", form + template.basic + "Accept: application/token-introspection+jwt\r\n",
                "token=\(template.tokens.access)"),
            send("/oauth2/token", form + template.basic, "grant_type=client_credentials"),
            send("/oauth2/token", form + template.basic, "grant_type=password"),
            send("/oauth2/revoke", form + template.basic, "token=x"),
            get("/oauth2/introspect"), get("/oauth2/token", method: "DELETE"),
            send("/api/register", json, #"{"name":"A","email":"a@example.com","password":"correct horse"}"#),
            send("/api/register", json, #"{"name":"A","email":"a@example.com","password":"correct horse"}"#),
            send("/api/register", json, #"{"name":7}"#), send("/api/logout", json, token),
        ]
        requests += template.restricted.flatMap { token in
            let bearer = "Authorization: Bearer \(token)\r\n"
            return [
                get("/api/profile", bearer), get("/api/sessions", bearer),
                get("/api/sessions", bearer, method: "DELETE"),
                send("/oauth2/introspect", form + template.basic, "token=\(token)"),
            ]
        }
        requests += [#""audience":"shop""#, #""audience":["stock",7]"#, #""scope":"admin""#].flatMap { member in
            [
                send("/api/login", json, String(credentials.dropLast()) + ",\(member)}"),
                send("/api/refresh-token", json, String(token.dropLast()) + ",\(member)}"),
            ]
        }
        // Log in again only after the requests that list sessions. If the user has several sessions, their order in the
        // list depends on random ids.
        requests += origins.map { send("/api/login", json + $0, credentials) }
        requests.append(
            send("/api/login", json, String(credentials.dropLast()) + #","audience":["stock"],"scope":"orders:read"}"#))
        requests += [
            send("/api/password", json + bearer, #"{"currentPassword":"x","newPassword":"correct horse"}"#),
            send("/api/account", json + bearer, #"{"password":"x"}"#, method: "DELETE"),
            get("/api/sessions?all=true", bearer, method: "DELETE"), get("/api/profile", bearer),
        ]
        return requests
    }

    /// Requests with unusual or invalid body framing. They go to four endpoints: one answers at once, two may wait for
    /// the store or for password hashing, and one reads no body.
    private static func framings(_ template: Template) -> [String] {
        let large = String(repeating: "x", count: 16 * 1024)
        let targets = [
            ("/oauth2/introspect", form + template.basic), ("/oauth2/token", form + template.basic),
            ("/api/login", json), ("/.well-known/jwks.json", ""),
        ]
        return targets.flatMap { target, fields in
            let head = "POST \(target) HTTP/1.1\r\n\(host)\(fields)"
            return [
                head + "\r\n", head + "Content-Length: 0\r\n\r\n", head + "Content-Length: 7\r\n\r\ntoken=x",
                head + "Content-Length: 7\r\n\r\ntoken", head + "Content-Length: 7\r\nContent-Length: 7\r\n\r\ntoken=x",
                head + "Content-Length: x\r\n\r\n", head + "Content-Length: 99999999999999999999\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n7\r\ntoken=x\r\n0\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n7\r\ntoken=x\r\n0\r\nX-A: b\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\n7\r\ntok", head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
                head + "Transfer-Encoding: gzip\r\n\r\ntoken=x",
                head + "Transfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n0\r\n\r\n",
                head + "Expect: 100-continue\r\nContent-Length: 7\r\n\r\ntoken=x",
                send(target, fields, large), send(target, fields, large + "x"),
                head + "Transfer-Encoding: chunked\r\n\r\n4001\r\n\(large)x\r\n0\r\n\r\n",
                send(target, fields, "token=x", method: "GET"), send(target, fields, "token=x", method: "DELETE"),
            ]
        }
    }

    /// Requests whose HTTP version, target or header fields decide whether the connection stays open. Most of them are
    /// followed by a second request on the same connection.
    private static func connections(_ template: Template) -> [String] {
        let fields = [
            "", "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: close, x\r\n", "Connection: x\r\n",
            "Connection: Upgrade\r\nUpgrade: h2c\r\n", "Upgrade: websocket\r\n", "Proxy-Connection: close\r\n",
            "X-A: \(String(repeating: "a", count: 40_000))\r\n", String(repeating: "X-A: b\r\n", count: 101),
            "User-Agent: b\u{fc}cher\r\n", "User-Agent : x\r\n", "User-Agent: a\r\n b\r\n", ": x\r\n", "x\r\n",
        ]
        let next = get("/.well-known/jwks.json")
        let whole = fields.flatMap { field in
            [
                get("/.well-known/jwks.json", field) + next, get("/nowhere", field) + next,
                send("/oauth2/introspect", form + template.basic + field, "token=x") + next,
                send("/oauth2/token", form + template.basic + field, "grant_type=x") + next,
            ]
        }
        let odd = ["1.0", "0.9", "1.2", "2.0", "x"].flatMap { version in
            ["", "Connection: keep-alive\r\n"].map { "GET / HTTP/\(version)\r\n\($0)\r\n" + next }
        }
        return whole + odd + [
            get("http://localhost/.well-known/jwks.json") + next, get("*", method: "OPTIONS") + next,
            get("localhost:80", method: "CONNECT") + next, get("/", method: "BREW") + next,
            get("/", method: "get") + next, get("/\u{fc}") + next, get("//") + next, get("/%") + next, "\r\n" + next,
            "GET", "GET / HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\nHost: a\n\n",
            next + "nonsense\r\n\r\n",
            "\u{16}\u{3}\u{1}", get("/" + String(repeating: "a", count: 70_000)), "",
        ]
    }

    /// Sequences of requests that are sent together on one connection. The fast lane answers a `plain` request at once,
    /// answers a `waiting` request from a task, and passes a `passed` request on to Hummingbird.
    private static func mixtures(_ template: Template) -> [String] {
        let plain = get("/.well-known/jwks.json")
        let waiting = send("/oauth2/token", form + template.basic, "grant_type=x")
        let passed =
            "POST /oauth2/introspect HTTP/1.1\r\n\(form)\(template.basic)Transfer-Encoding: chunked\r\n\r\n"
            + "7\r\ntoken=x\r\n0\r\n\r\n"
        return [
            plain + waiting + passed + plain, passed + plain + waiting, waiting + waiting + plain + passed + waiting,
            String(repeating: plain + waiting + passed, count: 30), String(repeating: plain, count: 300),
            plain + waiting + "nonsense\r\n\r\n" + plain,
            passed + waiting + "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
        ]
    }
}
