import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Metrics", .timeLimit(.minutes(10)))
struct MetricsTests {
    @Test func `Requests, logins, refreshes and writes are counted, and the page shows nothing from a caller`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let fresh = try await MetricsPage.get(from: issuer)
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let wrong = try await HTTPCall.post(
            issuer.url + "/api/login", json: ["email": person.email, "password": "not the password"])
        #expect(wrong.status == 401)
        let second = try #require(try await person.refresh(tokens.refresh)["refreshToken"])
        #expect(try await person.refresh(tokens.refresh).status == 200)
        #expect(try await person.refresh(second).status == 200)
        #expect(try await person.refresh(tokens.refresh).status == 401)
        #expect(try await person.refresh("srt_nonsense").status == 401)
        #expect(try await HTTPCall.get(issuer.url + "/").status == 200)
        #expect(try await HTTPCall.send(.HEAD, issuer.url + "/").status == 200)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile").status == 401)
        #expect(try await HTTPCall.get(issuer.url + "/.well-known/status-lists/0").status == 200)
        #expect(try await HTTPCall.get(issuer.url + "/.well-known/status-lists/77").status == 404)

        let page = try await MetricsPage.get(from: issuer)
        #expect(page.requests("POST", "/api/register", "201") == 1)
        #expect(page.requests("POST", "/api/login", "200") == 1)
        #expect(page.requests("POST", "/api/login", "401") == 1)
        #expect(page.requests("POST", "/api/login", "500") == 0)
        #expect(page.requests("POST", "/api/refresh-token", "200") == 3)
        #expect(page.requests("POST", "/api/refresh-token", "401") == 2)
        #expect(page.requests("GET", "/", "200") == 2)
        #expect(page.requests("GET", "/api/profile", "401") == 1)
        #expect(page.requests("GET", "/.well-known/status-lists/{id}", "200") == 1)
        #expect(page.requests("GET", "/.well-known/status-lists/{id}", "404") == 1)
        let seconds = "signet_http_request_seconds"
        let login = "method=\"POST\",route=\"/api/login\""
        #expect(page["\(seconds)_count{\(login)}"] == 2)
        #expect(page["\(seconds)_bucket{\(login),le=\"+Inf\"}"] == 2)
        #expect(try #require(page["\(seconds)_sum{\(login)}"]) > 0)

        #expect(page["signet_logins_total{outcome=\"succeeded\"}"] == 1)
        #expect(page["signet_logins_total{outcome=\"refused\"}"] == 1)
        for (outcome, count) in [("rotated", 2.0), ("replayed", 1), ("reused", 1), ("invalid", 1), ("refused", 0)] {
            #expect(page["signet_refreshes_total{outcome=\"\(outcome)\"}"] == count, "\(outcome)")
        }
        // The service has hashed three passwords: one for the registration and one for each of the two logins.
        #expect(page["signet_password_hashing_seconds_count"] == 3)
        #expect(try #require(page["signet_store_commit_writes_sum"]) >= 5)
        #expect(page["signet_store_full"] == 0)
        #expect(try #require(page["signet_store_used_bytes"]) > 4096)
        let age = try #require(page["signet_signing_key_age_seconds"])
        let rotation = try #require(page["signet_signing_key_rotation_seconds"])
        #expect((0..<3600).contains(age))
        #expect((30 * 86_400 - 3600...30 * 86_400).contains(rotation))
        #expect(page["signet_keyring_faults"] == 0)
        #expect(try #require(page["signet_http_connections"]) >= 1)
        #expect(abs(try #require(page["process_start_time_seconds"]) - Date().timeIntervalSince1970) < 3600)
        #expect(page["metrics_refused_total"] == 0)

        // All metric series exist from the start of the service. Requests must not add any.
        #expect(page.sampleNames == fresh.sampleNames)
        let sessionID = try #require(Self.claims(of: tokens.access)["sid"] as? String)
        let subject = try #require(Self.claims(of: tokens.access)["sub"] as? String)
        for secret in [
            tokens.access, tokens.refresh, second, person.email, person.password, sessionID, subject, "127.0.0.1",
            "srt_", "@", issuer.directory.url.path,
        ] {
            #expect(!page.text.contains(secret))
        }
    }

    @Test func `Requests never add a series`() async throws {
        let issuer = try await RunningIssuer.start()
        let before = try await MetricsPage.get(from: issuer)
        for number in 0..<60 {
            let answer = try await HTTPCall.get(
                issuer.url + "/no-such-path-\(number)/%22%7D%20\(number)%0Ainjected_total%20\(number)?x=\"\(number)\"",
                headers: [("User-Agent", "agent-\(number)\"")])
            #expect(answer.status == 404)
        }
        let methods: [HTTPMethod] = [.PUT, .PATCH, .PROPFIND, .REPORT, .LOCK, .SEARCH, .UNLINK, .OPTIONS]
        for method in methods {
            #expect(try await HTTPCall.send(method, issuer.url + "/api/login").status == 405)
        }
        // The HTTP decoder refuses the unknown method `NOTHING`. So no metric of the service counts this request.
        #expect(try await HTTPCall.send(HTTPMethod(rawValue: "NOTHING"), issuer.url + "/api/login").status == 400)
        for path in ["/api/sessions/no-such-id", "/.well-known/status-lists/no-such-id"] {
            _ = try await HTTPCall.send(.DELETE, issuer.url + path)
        }
        let page = try await MetricsPage.get(from: issuer)
        #expect(page.sampleNames == before.sampleNames)
        #expect(page.requests("other", "other", "404") == 60)
        #expect(page.requests("other", "other", "405") == Double(methods.count) + 1)
        #expect(page.requests("DELETE", "/api/sessions/{id}", "401") == 1)
        for trace in ["no-such", "injected", "agent-", "PROPFIND", "NOTHING"] { #expect(!page.text.contains(trace)) }
        #expect(page.metrics.map(\.name) == page.metrics.map(\.name).sorted())
        #expect(page.sampleNames.count < 2_000)
    }

    @Test func `Only the operations listener serves metrics, and it does not count its own requests`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        for path in ["/metrics", "/metrics/", "/api/metrics", "//metrics"] {
            #expect(try await HTTPCall.get(issuer.url + path).status == 404)
        }
        let page = try await MetricsPage.get(from: issuer)
        let operations = "http://127.0.0.1:\(issuer.opsPort)"
        #expect(try await HTTPCall.get(operations + "/health/ready", contract: nil).status == 200)
        #expect(try await HTTPCall.post(operations + "/metrics", json: [:], contract: nil).status == 405)
        let again = try await MetricsPage.get(from: issuer)
        func requests(_ page: MetricsPage) -> Double {
            page.sampleNames.filter { $0.hasPrefix("signet_http_requests_total{") }.reduce(0) { $0 + (page[$1] ?? 0) }
        }
        #expect(requests(again) == requests(page))
        #expect(requests(page) == 4)
    }

    @Test func `The table in the operations guide lists exactly the metrics`() async throws {
        let page = try await MetricsPage.get(from: RunningIssuer.start())
        let path = Repository.root.appending(path: "docs/operations/metrics.md")
        let guide = try String(contentsOf: path, encoding: .utf8)
        let rows = guide.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("| `signet_") || $0.hasPrefix("| `process_") || $0.hasPrefix("| `metrics_")
        }
        let expected = page.metrics.map { metric in
            let labels = metric.labels.sorted().map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind) | \(labels) | \(metric.help) |"
        }
        #expect(Set(rows) == Set(expected))
        #expect(rows.count == expected.count)
    }

    private static func claims(of token: String) throws -> [String: Any] {
        let payload = try #require(token.split(separator: ".").dropFirst().first)
        var text = payload.replacing("-", with: "+").replacing("_", with: "/")
        while !text.count.isMultiple(of: 4) { text += "=" }
        let data = try #require(Data(base64Encoded: String(text)))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}
