import Foundation
import NIOHTTP1
import Testing

@Suite("Main flow over HTTP", .timeLimit(.minutes(10)))
struct MainFlowTests {
    @Test func `Register, log in, call another service, refresh, log out, and introspect throughout`() async throws {
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_LOGIN_SCOPES": "orders:read"])
        let orders = try await RunningOrdersService.start(for: issuer)
        let client = try await issuer.createClient()

        let registered = try await HTTPCall.post(
            issuer.url + "/api/register",
            json: ["name": "Alice", "email": "  Alice@Example.com ", "password": "correct horse battery"])
        #expect(registered.status == 201)
        #expect(registered["email"] == "alice@example.com")
        #expect(Set(registered.json.keys) == ["_id", "name", "email"])

        let login = try await HTTPCall.post(
            issuer.url + "/api/login",
            json: [
                "email": "alice@example.com", "password": "correct horse battery", "scope": "account orders:read",
            ])
        #expect(login.status == 200)
        #expect(login.header("Cache-Control") == "no-store")
        #expect((login.json["user"] as? [String: String])?["_id"] == registered["_id"])
        #expect(login["tokenType"] == "Bearer")
        #expect(login.json["expiresIn"] as? Int == 900)
        #expect(login.json["refreshExpiresIn"] as? Int == 7 * 86_400)
        let access = try #require(login["accessToken"])
        let refresh = try #require(login["refreshToken"])

        let profile = try await HTTPCall.get(issuer.url + "/api/profile", token: access)
        #expect(profile.status == 200)
        #expect(Set(profile.json.keys) == ["_id", "name", "email", "createdAt", "updatedAt"])

        let refused = try await HTTPCall.get(orders.url + "/orders", contract: nil)
        #expect(refused.status == 401)
        #expect(refused.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
        #expect(refused.header("WWW-Authenticate")?.contains("error=") == false)
        let allowed = try await HTTPCall.get(orders.url + "/orders", token: access, contract: nil)
        #expect(allowed.status == 200)
        let forged = try await HTTPCall.get(
            orders.url + "/orders", token: String(access.dropLast(8)) + "AAAAAAAA", contract: nil)
        #expect(forged.status == 401)
        #expect(forged.header("WWW-Authenticate")?.contains("error=\"invalid_token\"") == true)

        let refreshed = try await HTTPCall.post(issuer.url + "/api/refresh-token", json: ["refreshToken": refresh])
        #expect(refreshed.status == 200)
        let nextRefresh = try #require(refreshed["refreshToken"])
        #expect(nextRefresh != refresh)
        let nextAccess = try #require(refreshed["accessToken"])
        #expect(try await HTTPCall.get(orders.url + "/orders", token: nextAccess, contract: nil).status == 200)

        let good = try await HTTPCall.post(
            issuer.url + "/oauth2/introspect", form: [("token", nextAccess)], client: client)
        #expect(good.status == 200)
        #expect(good.json["active"] as? Bool == true)
        #expect(good["sub"] == registered["_id"])
        #expect(good["iss"] == issuer.issuer)

        let logout = try await HTTPCall.post(issuer.url + "/api/logout", json: ["refreshToken": nextRefresh])
        #expect(logout.status == 200)
        #expect(logout["message"] == "Logged out successfully")
        for token in [nextAccess, access, nextRefresh, refresh] {
            let dead = try await HTTPCall.post(
                issuer.url + "/oauth2/introspect", form: [("token", token)], client: client)
            #expect(dead.text == "{\"active\":false}")
        }
        let after = try await HTTPCall.post(issuer.url + "/api/refresh-token", json: ["refreshToken": nextRefresh])
        #expect(after.status == 401)
        #expect(after["message"] == "Refresh token expired or invalid")
        #expect(try await HTTPCall.post(issuer.url + "/api/logout", json: ["refreshToken": nextRefresh]).status == 200)
        #expect(try await HTTPCall.get(issuer.url + "/").text == "Signet API is running\n")
        #expect(await issuer.terminate() == 0)
    }

    @Test func `A service that requires a scope answers 403 without the scope and 200 with it`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let orders = try await RunningOrdersService.start(for: issuer)
        let user = try await Person.register(at: issuer).login()
        let shipment = orders.url + "/shipments/1001"
        let refused = try await HTTPCall.send(
            .POST, shipment, headers: [("Authorization", "Bearer \(user.access)")], contract: nil)
        #expect(refused.status == 403)
        #expect(refused.header("WWW-Authenticate")?.contains("error=\"insufficient_scope\"") == true)
        #expect(refused.header("WWW-Authenticate")?.contains("scope=\"orders:ship\"") == true)
        let client = try await issuer.createClient(["--scope", "orders:ship"])
        let granted = try await HTTPCall.post(
            issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")], client: client)
        let token = try #require(granted["access_token"])
        let shipped = try await HTTPCall.send(
            .POST, shipment, headers: [("Authorization", "Bearer \(token)")], contract: nil)
        #expect(shipped.status == 200)
    }

    @Test func `Fifty concurrent refreshes with one token cause one rotation and return one refresh token`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let person = try await Person.register(at: issuer)
        let tokens = try await person.login()
        let answers = try await withThrowingTaskGroup(of: HTTPCall.Answer.self) { group in
            for _ in 0..<50 { group.addTask { try await person.refresh(tokens.refresh) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 50)
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(Set(answers.compactMap { $0["refreshToken"] }).count == 1)
        let listed = try await issuer.command(["sessions", "list", "--user", person.email, "--json"])
        let sessions = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]]
        #expect(sessions?.count == 1)
        // The 50 refreshes with the same token rotated it only once. `generation` counts the rotations of a session.
        #expect(sessions?.first?["generation"] as? Int == 1)
        let next = try await person.refresh(try #require(answers.first?["refreshToken"]))
        #expect(next.status == 200)
        let relisted = try await issuer.command(["sessions", "list", "--user", person.email, "--json"])
        let after = try JSONSerialization.jsonObject(with: Data(relisted.output.utf8)) as? [[String: Any]]
        let before = try #require(sessions?.first?["generation"] as? Int)
        #expect(after?.first?["generation"] as? Int == before + 1)
    }

    @Test func `A refresh token that is used after its successor ends its own family and no other`() async throws {
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_REFRESH_REUSE_WINDOW": "0s"])
        let person = try await Person.register(at: issuer)
        let stolen = try await person.login()
        let other = try await person.login()
        let second = try #require(try await person.refresh(stolen.refresh)["refreshToken"])
        let third = try #require(try await person.refresh(second)["refreshToken"])

        let reuse = try await person.refresh(stolen.refresh)
        #expect(reuse.status == 401)
        #expect(reuse["message"] == "Refresh token expired or invalid")
        #expect(try await person.refresh(third).status == 401)
        #expect(try await person.refresh(other.refresh).status == 200)
        #expect(issuer.messages.contains("refresh token reuse"))
        #expect(!issuer.messages.contains(stolen.refresh))
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: stolen.access).status == 401)
    }

    @Test func `The service warns of a misspelt variable and of an issuer URL with another port`() async throws {
        let issuer = try await RunningIssuer.start(
            settings: ["SIGNET_PROT": "1", "SIGNET_ISSUER": "http://localhost:1"])
        #expect(issuer.messages.contains("name=SIGNET_PROT"))
        #expect(issuer.messages.contains("is not the listener's port"))
        #expect(!(try await RunningIssuer.start()).messages.contains("warning"))
    }

    @Test func `Users, sessions, clients and keys survive a restart`() async throws {
        let first = try await RunningIssuer.start(settings: ["SIGNET_ISSUER": "https://id.example.com"])
        let person = try await Person.register(at: first)
        let tokens = try await person.login()
        let client = try await first.createClient()
        #expect(await first.terminate() == 0)

        let second = try await RunningIssuer.start(
            settings: ["SIGNET_ISSUER": "https://id.example.com"], in: first.directory)
        #expect(try await HTTPCall.get(second.url + "/api/profile", token: tokens.access).status == 200)
        let again = Person(issuer: second, email: person.email, password: person.password)
        #expect(try await again.refresh(tokens.refresh).status == 200)
        let introspected = try await HTTPCall.post(
            second.url + "/oauth2/introspect", form: [("token", tokens.access)], client: client)
        #expect(introspected.json["active"] as? Bool == true)
    }
}
