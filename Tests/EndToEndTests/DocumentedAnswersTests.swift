import Foundation
import NIOHTTP1
import Testing

@Suite("Documented answers that no other suite covers", .timeLimit(.minutes(10)))
struct DocumentedAnswersTests {
    /// The operations that read a request body. They are those for which `openapi.yaml` documents status 415.
    private static let withBody = Contract.shared.statuses.filter { $0.value.contains(415) }.keys.sorted()

    @Test func `Every operation with a body refuses one that is too large or has another type`() async throws {
        let issuer = try await RunningIssuer.start()
        let tokens = try await Person.register(at: issuer).login()
        let bearer = ("Authorization", "Bearer \(tokens.access)")
        #expect(Self.withBody.count >= 9)
        for operation in Self.withBody {
            let isForm = operation.path.hasPrefix("/oauth2/")
            let type = isForm ? "application/x-www-form-urlencoded" : "application/json"
            let method = HTTPMethod(rawValue: operation.method)
            let large = try await HTTPCall.send(
                method, issuer.url + operation.path, headers: [bearer, ("Content-Type", type)],
                body: Array(repeating: 0x20, count: 16 * 1024 + 1))
            // The refresh operation refuses a body of more than 16 KiB with status 401, like an invalid refresh token.
            // Other operations answer 413.
            let isRefresh = operation.path == "/api/refresh-token"
            #expect(large.status == (isRefresh ? 401 : 413), "\(operation)")
            let foreign = try await HTTPCall.send(
                method, issuer.url + operation.path, headers: [bearer, ("Content-Type", "text/plain")],
                body: Array("{}".utf8))
            #expect(foreign.status == 415, "\(operation)")
            #expect(foreign[isForm ? "error" : "code"] == (isForm ? "invalid_request" : "unsupported_media_type"))
        }
    }

    @Test(arguments: [0, 1, 2])
    func `Every operation that checks a password answers 429 after too many wrong ones`(place: Int) async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let headers = [
            ("Authorization", "Bearer \(try await person.login().access)"), ("Content-Type", "application/json"),
        ]
        let (method, path, body): (HTTPMethod, String, [String: String]) =
            switch place {
            case 0: (.POST, "/api/login", ["email": person.email, "password": "wrong"])
            case 1: (.POST, "/api/password", ["currentPassword": "wrong", "newPassword": "staple orthodox lamp"])
            default: (.DELETE, "/api/account", ["password": "wrong"])
            }
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: body))
        var statuses: [Int] = []
        // The loop sends up to 100 wrong passwords, because the service allows many from a network address where the
        // user has a live session.
        while statuses.count < 100, statuses.last != 429 {
            let answer = try await HTTPCall.send(method, issuer.url + path, headers: headers, body: bytes)
            statuses.append(answer.status)
            guard answer.status == 429 else { continue }
            #expect(answer["code"] == "too_many_attempts")
            #expect(answer.header("Retry-After").flatMap { Int($0) } ?? 0 > 0)
        }
        #expect(statuses.last == 429)
        #expect(statuses.dropLast().allSatisfy { $0 == 401 })
    }

    @Test func `The token of a deleted user gets 404 or 401`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let headers = [
            ("Authorization", "Bearer \(try await person.login().access)"), ("Content-Type", "application/json"),
        ]
        #expect(try await issuer.command(["users", "delete", person.email]).status == 0)
        let password = Array(#"{"currentPassword":"\#(person.password)","newPassword":"staple orthodox lamp"}"#.utf8)
        for (method, path, body) in [
            (HTTPMethod.GET, "/api/sessions", nil), (.DELETE, "/api/sessions", nil), (.POST, "/api/password", password),
        ] {
            BadInputTests.problem(
                try await HTTPCall.send(method, issuer.url + path, headers: headers, body: body), status: 404,
                code: "user_not_found")
        }
    }

    @Test func `A verifier that has the current key set gets 304 without a body`() async throws {
        let issuer = try await RunningIssuer.start()
        let url = issuer.url + "/.well-known/jwks.json"
        let tag = try #require(try await HTTPCall.get(url).header("ETag"))
        let held = try await HTTPCall.get(url, headers: [("If-None-Match", tag)])
        #expect(held.status == 304)
        #expect(held.body.isEmpty)
        #expect(held.header("ETag") == tag)
        #expect(try await HTTPCall.get(url, headers: [("If-None-Match", "\"other\"")]).status == 200)
    }
}
