import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Tokens for other audiences", .timeLimit(.minutes(10)))
struct AudienceTests {
    private static let billing = "https://billing.example.com/v1"

    private static func token(
        _ form: [(String, String)], at issuer: RunningIssuer, by client: (id: String, secret: String)
    ) async throws -> HTTPCall.Answer {
        try await HTTPCall.post(
            issuer.url + "/oauth2/token", form: [("grant_type", "client_credentials")] + form, client: client)
    }

    private static func introspect(
        _ token: String, at issuer: RunningIssuer, by client: (id: String, secret: String)
    ) async throws -> HTTPCall.Answer {
        try await HTTPCall.post(issuer.url + "/oauth2/introspect", form: [("token", token)], client: client)
    }

    private static func verify(_ token: String, at issuer: RunningIssuer, audience: String) async throws -> Int32 {
        let jwks = issuer.directory.path("jwks.json")
        try (await HTTPCall.get(issuer.url + "/.well-known/jwks.json")).body.write(to: URL(filePath: jwks))
        return try await SignetCommand.run(
            ["token", "verify", "--jwks", jwks, "--issuer", issuer.issuer, "--audience", audience], input: token,
            directory: issuer.directory.url
        ).status
    }

    private static func expectRefusal(_ answer: HTTPCall.Answer, _ code: String = "invalid_target") {
        #expect(answer.status == 400)
        #expect(answer["error"] == code)
        #expect(Set(answer.json.keys) == ["error", "error_description"])
        #expect(answer.header("Cache-Control") == "no-store")
    }

    @Test func `A client's token is valid for its own audience only`() async throws {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--audience", Self.billing, "--audience", "stock"])
        let stock = try await issuer.createClient(["--audience", "stock", "--no-client-credentials"])
        let other = try await issuer.createClient()
        let granted = try await Self.token([("audience", "stock")], at: issuer, by: client)
        #expect(granted.status == 200)
        let token = try #require(granted["access_token"])

        #expect(try await Self.verify(token, at: issuer, audience: "stock") == 0)
        for audience in [issuer.issuer, Self.billing, "Stock", "stock/"] {
            #expect(try await Self.verify(token, at: issuer, audience: audience) == 1)
        }
        for path in ["/api/profile", "/api/sessions"] {
            let refused = try await HTTPCall.get(issuer.url + path, token: token)
            #expect(refused.status == 401)
            #expect(refused["code"] == "invalid_token")
        }

        for reader in [client, stock] {
            let seen = try await Self.introspect(token, at: issuer, by: reader)
            #expect(seen.json["active"] as? Bool == true)
            #expect(seen["aud"] == "stock")
            #expect(seen["client_id"] == client.id)
        }
        #expect(try await Self.introspect(token, at: issuer, by: other).text == "{\"active\":false}")

        let revocation = issuer.url + "/oauth2/revoke"
        let foreign = try await HTTPCall.post(revocation, form: [("token", token)], client: stock)
        Self.expectRefusal(foreign, "unauthorized_client")
        #expect(try await Self.introspect(token, at: issuer, by: stock).json["active"] as? Bool == true)
        #expect(try await HTTPCall.post(revocation, form: [("token", token)], client: client).status == 200)
        for reader in [client, stock] {
            #expect(try await Self.introspect(token, at: issuer, by: reader).text == "{\"active\":false}")
        }
    }

    @Test func `Several resource and audience parameters make aud an array; one or none makes it a string`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--audience", Self.billing, "--audience", "stock"])
        func audience(_ form: [(String, String)]) async throws -> Any? {
            let token = try #require(try await Self.token(form, at: issuer, by: client)["access_token"])
            return try await Self.introspect(token, at: issuer, by: client).json["aud"]
        }
        #expect(try await audience([]) as? String == issuer.issuer)
        #expect(try await audience([("resource", ""), ("audience", "")]) as? String == issuer.issuer)
        #expect(
            try await audience([("resource", Self.billing), ("resource", Self.billing)]) as? String == Self.billing)
        let all = [("audience", "stock"), ("resource", Self.billing), ("audience", issuer.issuer)]
        #expect(try await audience(all) as? [String] == [Self.billing, "stock", issuer.issuer])

        let token = try #require(try await Self.token(all, at: issuer, by: client)["access_token"])
        for name in ["stock", Self.billing, issuer.issuer] {
            #expect(try await Self.verify(token, at: issuer, audience: name) == 0)
        }
        // The profile API refuses the access token of a client, because the token has no user.
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: token)["code"] == "invalid_token")
    }

    @Test func `An audience that the client may not request is refused in both parameters, compared byte for byte`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--audience", Self.billing, "--audience", "Kiosk"])
        let targets = [
            "https://elsewhere.example.com", Self.billing + "/", Self.billing.uppercased(), Self.billing + "#",
            Self.billing + "#part", Self.billing + " ", "\u{212A}iosk", "kiosk", "https://b\u{FC}cher.example.com", "*",
            "\u{0}", String(repeating: "a", count: 10_000), issuer.issuer + "/", "//billing.example.com/v1", "/v1",
        ]
        for target in targets {
            for name in ["resource", "audience"] {
                Self.expectRefusal(try await Self.token([(name, target)], at: issuer, by: client))
                Self.expectRefusal(
                    try await Self.token([("resource", Self.billing), (name, target)], at: issuer, by: client))
            }
        }
        // The service refuses the name `Kiosk` in the parameter `resource`, which must be a URI, and accepts it in the
        // parameter `audience`.
        Self.expectRefusal(try await Self.token([("resource", "Kiosk")], at: issuer, by: client))
        #expect(try await Self.token([("audience", "Kiosk")], at: issuer, by: client).status == 200)
        // The audience of `other` is `stock`. So this client cannot request the audience `Kiosk`.
        let other = try await issuer.createClient(["--audience", "stock"])
        Self.expectRefusal(try await Self.token([("audience", "Kiosk")], at: issuer, by: other))
        // The service authenticates the client before it checks the audience. So a request with a wrong client secret
        // and an invalid audience gets the error `invalid_client`.
        let unknown = try await Self.token([("audience", "*")], at: issuer, by: (client.id, "wrong"))
        #expect(unknown.status == 401)
        #expect(unknown["error"] == "invalid_client")
    }

    @Test func `Too many audiences are refused, and so are other repeated parameters`() async throws {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--audience", Self.billing])
        let same = [(String, String)](repeating: ("resource", Self.billing), count: 63)
        #expect(try await Self.token(same, at: issuer, by: client).status == 200)
        Self.expectRefusal(
            try await Self.token(same + [("resource", Self.billing)], at: issuer, by: client), "invalid_request")
        let thousands = (0..<10_000).map { ("resource", "https://\($0).example.com") }
        let answer = try await Self.token(thousands, at: issuer, by: client)
        #expect(answer.status == 413)
        #expect(answer["error"] == "invalid_request")
        for name in ["grant_type", "scope", "client_id"] {
            Self.expectRefusal(
                try await Self.token([(name, "a"), (name, "a")], at: issuer, by: client), "invalid_request")
        }
        for path in ["introspect", "revoke"] {
            let repeated = [("token", "x"), ("resource", Self.billing), ("resource", Self.billing)]
            Self.expectRefusal(
                try await HTTPCall.post(issuer.url + "/oauth2/\(path)", form: repeated, client: client),
                "invalid_request")
        }
    }

    @Test func `A refresh for another audience is refused and does not use up the refresh token`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient(["--audience", Self.billing])
        let tokens = try await Person.register(at: issuer).login()
        let form = [("grant_type", "refresh_token"), ("refresh_token", tokens.refresh)]
        let endpoint = issuer.url + "/oauth2/token"
        for target in [Self.billing, issuer.issuer + "/", "stock"] {
            for name in ["resource", "audience"] {
                Self.expectRefusal(try await HTTPCall.post(endpoint, form: form + [(name, target)]))
                Self.expectRefusal(
                    try await HTTPCall.post(
                        endpoint, form: form + [("resource", issuer.issuer), (name, target)], client: client))
            }
        }
        let own = [("resource", issuer.issuer), ("audience", issuer.issuer)]
        let refreshed = try await HTTPCall.post(endpoint, form: form + own)
        #expect(refreshed.status == 200)
        let access = try #require(refreshed["access_token"])
        #expect(try await Self.verify(access, at: issuer, audience: issuer.issuer) == 0)
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: access).status == 200)
    }

    @Test func `clients create stores the audiences, and clients list prints them`() async throws {
        let issuer = try await RunningIssuer.start()
        let created = try await issuer.command(
            [
                "clients", "create", "a", "--audience", "stock", "--audience", Self.billing, "--audience", "stock",
                "--json",
            ])
        #expect(try created.json["audiences"] as? [String] == [Self.billing, "stock"])
        _ = try await issuer.createClient()
        let listed = try await issuer.command(["clients", "list", "--json"])
        let clients = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
        #expect(
            Set(clients.compactMap { $0["audiences"] as? [String] }) == [[Self.billing, "stock"], []])
        #expect(try await issuer.command(["clients", "list"]).output.contains("\(Self.billing) stock"))
        for bad in ["", "a b", "a#b", "\u{E9}", String(repeating: "a", count: 256), "https://"] {
            let refused = try await issuer.command(["clients", "create", "b", "--audience", bad])
            #expect(refused.status == 1)
            #expect(refused.errors.contains("audience"))
            #expect(refused.output.isEmpty)
        }
        let many = (0...16).flatMap { ["--audience", "a\($0)"] }
        #expect(try await issuer.command(["clients", "create", "b"] + many).status == 1)
        #expect(try await issuer.command(["clients", "list", "--json"]).output == listed.output)
    }
}
