import Foundation
import NIOHTTP1
import Testing

@Suite("Sessions, passwords and accounts over HTTP", .timeLimit(.minutes(10)))
struct SessionTests {
    private func sessions(_ issuer: RunningIssuer, _ token: String, query: String = "") async throws -> [[String: Any]]
    {
        let answer = try await HTTPCall.get(issuer.url + "/api/sessions" + query, token: token)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["sessions"] as? [[String: Any]])
    }

    private func delete(_ url: String, token: String) async throws -> HTTPCall.Answer {
        try await HTTPCall.send(.DELETE, url, headers: [("Authorization", "Bearer \(token)")])
    }

    @Test func `A user lists sessions page by page and ends one, the others, and all`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let login = try await HTTPCall.post(
            issuer.url + "/api/login",
            json: ["email": person.email, "password": person.password, "deviceName": "Ada's phone"],
            headers: [("User-Agent", "agent/1")])
        let phone = try #require(login["accessToken"])
        let laptop = try await person.login()
        let tablet = try await person.login()

        let listed = try await sessions(issuer, phone)
        #expect(listed.count == 3)
        let current = try #require(listed.first { $0["current"] as? Bool == true })
        #expect(listed.filter { $0["current"] as? Bool == true }.count == 1)
        #expect(current["device"] as? String == "Ada's phone")
        #expect(current["createdAddress"] as? String == "127.0.0.1")
        #expect(current["lastUsedAddress"] as? String == "127.0.0.1")
        for field in ["createdAt", "lastUsedAt", "expiresAt"] {
            let text = try #require(current[field] as? String)
            #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        }
        #expect(Set(current.keys).count == 8)

        var paged: [String] = []
        var query = "?limit=2"
        while true {
            let page = try await HTTPCall.get(issuer.url + "/api/sessions" + query, token: phone)
            #expect(page.header("Cache-Control") == "no-store")
            paged += (page.json["sessions"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            guard let cursor = page["nextCursor"] else { break }
            query = "?limit=2&cursor=\(cursor)"
        }
        #expect(paged == listed.compactMap { $0["id"] as? String })

        let mine = try #require(try await sessions(issuer, laptop.access).first { $0["current"] as? Bool == true })
        let laptopID = try #require(mine["id"] as? String)
        let ended = try await delete(issuer.url + "/api/sessions/\(laptopID)", token: phone)
        #expect(ended.status == 204)
        #expect(ended.body.isEmpty)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: laptop.access).status == 401)
        #expect(try await person.refresh(laptop.refresh).status == 401)
        BadInputTests.problem(
            try await delete(issuer.url + "/api/sessions/\(laptopID)", token: phone), status: 404,
            code: "session_not_found")

        #expect(try await delete(issuer.url + "/api/sessions", token: phone).status == 204)
        #expect(try await HTTPCall.get(issuer.url + "/api/sessions", token: tablet.access).status == 401)
        #expect(try await sessions(issuer, phone).count == 1)
        #expect(try await delete(issuer.url + "/api/sessions?all=true", token: phone).status == 204)
        BadInputTests.problem(
            try await HTTPCall.get(issuer.url + "/api/sessions", token: phone), status: 401, code: "invalid_token")
    }

    @Test func `Invalid parameters are named, and no user can see or end another user's session`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let url = issuer.url + "/api/sessions"
        for query in ["limit=0", "limit=101", "limit=x", "limit=", "limit=%2B5", "limit=5&limit=6"] {
            let answer = try await HTTPCall.get(url + "?" + query, token: tokens.access)
            BadInputTests.problem(answer, status: 400, code: "invalid_input")
            #expect(BadInputTests.faults(answer) == ["limit"])
        }
        for cursor in ["", "x", "A", String(repeating: "A", count: 23), String(repeating: "!", count: 22)] {
            let answer = try await HTTPCall.get(url + "?cursor=" + cursor, token: tokens.access)
            #expect(BadInputTests.faults(answer) == ["cursor"])
        }
        let badAll = try await delete(url + "?all=yes", token: tokens.access)
        #expect(BadInputTests.faults(badAll) == ["all"])

        let stranger = try await Person.register(at: issuer).login()
        let foreign = try #require(try await sessions(issuer, stranger.access).first?["id"] as? String)
        var answers: Set<String> = []
        for id in [foreign, UUID().uuidString.lowercased(), "x", "%00", "%2e%2e%2fprofile"] {
            let answer = try await delete(url + "/" + id, token: tokens.access)
            #expect(answer.status == 404)
            answers.insert(answer.text)
        }
        #expect(answers.count == 1)
        #expect(try await sessions(issuer, stranger.access).count == 1)

        let client = try await issuer.createClient()
        let granted = try await HTTPCall.post(
            issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")], client: client)
        let machine = try #require(granted["access_token"])
        BadInputTests.problem(try await HTTPCall.get(url, token: machine), status: 401, code: "invalid_token")
        BadInputTests.problem(try await HTTPCall.get(url), status: 401, code: "missing_token")
        BadInputTests.problem(try await HTTPCall.send(.DELETE, url), status: 401, code: "missing_token")
        BadInputTests.problem(
            try await HTTPCall.send(.DELETE, url + "/" + foreign), status: 401, code: "missing_token")
        let body = #"{"currentPassword":"correct horse","newPassword":"battery staple","password":"correct horse"}"#
        for (method, path) in [(HTTPMethod.POST, "/api/password"), (.DELETE, "/api/account")] {
            for token in [nil, "x", machine] {
                let answer = try await HTTPCall.send(
                    method, issuer.url + path,
                    headers: [("Content-Type", "application/json")]
                        + (token.map { [("Authorization", "Bearer \($0)")] } ?? []),
                    body: Array(body.utf8))
                BadInputTests.problem(answer, status: 401, code: token == nil ? "missing_token" : "invalid_token")
            }
        }
        let named = try await HTTPCall.post(
            issuer.url + "/api/login", json: ["email": person.email, "password": person.password, "deviceName": 5])
        #expect(BadInputTests.faults(named) == ["deviceName"])
    }

    @Test func `A password change ends the other sessions, and a deleted account cannot log in`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let (mine, other) = (try await person.login(), try await person.login())
        let bearer = [("Authorization", "Bearer \(mine.access)")]
        func change(_ body: [String: Any]) async throws -> HTTPCall.Answer {
            try await HTTPCall.post(issuer.url + "/api/password", json: body, headers: bearer)
        }
        func deleteAccount(_ body: [String: Any]) async throws -> HTTPCall.Answer {
            try await HTTPCall.send(
                .DELETE, issuer.url + "/api/account", headers: bearer + [("Content-Type", "application/json")],
                body: [UInt8](try JSONSerialization.data(withJSONObject: body)))
        }
        #expect(BadInputTests.faults(try await change([:])) == ["currentPassword", "newPassword"])
        #expect(BadInputTests.faults(try await change(["currentPassword": 1, "newPassword": "x"])).count == 2)
        let wrong = try await change(["currentPassword": "wrong", "newPassword": "battery staple"])
        BadInputTests.problem(wrong, status: 401, code: "invalid_credentials")
        #expect(wrong["message"] == "Invalid credentials")
        #expect(
            try await change(["currentPassword": person.password, "newPassword": "battery staple"]).status == 204)
        #expect(try await person.refresh(other.refresh).status == 401)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: other.access).status == 401)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: mine.access).status == 200)

        #expect(BadInputTests.faults(try await deleteAccount([:])) == ["password"])
        BadInputTests.problem(
            try await deleteAccount(["password": person.password]), status: 401, code: "invalid_credentials")
        #expect(try await deleteAccount(["password": "battery staple"]).status == 204)
        BadInputTests.problem(
            try await deleteAccount(["password": "battery staple"]), status: 404, code: "user_not_found")
        let refresh = try await person.refresh(mine.refresh)
        BadInputTests.problem(refresh, status: 401, code: "invalid_refresh_token")
        #expect(try await issuer.command(["users", "list", "--json"]).output == "[]\n")
        #expect(try await issuer.command(["sessions", "list", "--json"]).output == "[]\n")
    }

    @Test func `Malformed refresh tokens of any length get the same answer`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let before = try await issuer.command(["sessions", "list", "--json"]).output
        let forged = String(tokens.refresh.dropLast(8)) + "AAAAAAAA"
        for token in [
            String(tokens.refresh.dropLast()), tokens.refresh + "A", tokens.refresh.replacing("srt_A", with: "srt_B"),
            forged, "srt_" + String(repeating: "A", count: 72), tokens.access, String(repeating: "x", count: 10_000),
            String(repeating: "x", count: 1 << 20),
        ] {
            let answer = try await person.refresh(token)
            BadInputTests.problem(answer, status: 401, code: "invalid_refresh_token")
            #expect(answer["message"] == "Invalid refresh token")
        }
        #expect(try await issuer.command(["sessions", "list", "--json"]).output == before)
        #expect(try await person.refresh(tokens.refresh).status == 200)
    }

    @Test func `The list commands continue after an id`() async throws {
        let issuer = try await RunningIssuer.start()
        for name in ["one", "two", "three"] {
            _ = try await Person.register(at: issuer).login()
            #expect(try await issuer.command(["clients", "create", name]).status == 0)
        }
        for list in [["users", "list"], ["sessions", "list"], ["clients", "list"]] {
            func ids(_ arguments: String...) async throws -> [String] {
                let output = try await issuer.command(list + arguments + ["--json"]).output
                let rows = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
                return rows.compactMap { ($0["id"] ?? $0["client_id"]) as? String }
            }
            let all = try await ids()
            try #require(all.count == 3)
            #expect(all == all.sorted())
            #expect(try await ids("--limit", "2") == Array(all[..<2]))
            #expect(try await ids("--limit", "2", "--after", all[1]) == [all[2]])
            let page = try await issuer.command(list + ["--limit", "2"])
            #expect(page.errors == "There may be more: continue with --after \(all[1])\n")
            #expect(try await issuer.command(list).errors == "")
            let refused = try await issuer.command(list + ["--after", "x"])
            #expect(refused.status == 1 && refused.errors.contains("--after must be the id of a "))
        }
    }

    @Test func `A request without a session id ends no session`() async throws {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let (mine, other) = (try await person.login(), try await person.login())
        for path in [
            "/api/sessions/", "/api/sessions//", "//api//sessions", "/api//sessions", "/api/sessions/?all=true",
        ] {
            let answer = try await HTTPCall.send(
                .DELETE, issuer.url + path, headers: [("Authorization", "Bearer \(mine.access)")])
            BadInputTests.problem(answer, status: 404, code: "not_found")
        }
        for tokens in [mine, other] {
            #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: tokens.access).status == 200)
        }
    }
}
