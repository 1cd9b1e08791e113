import Foundation
import NIOHTTP1
import Testing

@Suite("OAuth endpoints", .timeLimit(.minutes(10)))
struct OAuthTests {
    /// Decodes the JSON object in a segment of a compact JWS. Index 0 is the header and 1 the payload.
    private static func segment(_ index: Int, of token: String) throws -> [String: Any] {
        var text = token.split(separator: ".")[index].replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        let data = try #require(Data(base64Encoded: text))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static func introspect(
        _ token: String, at issuer: RunningIssuer, by client: (id: String, secret: String), accept: String
    ) async throws -> HTTPCall.Answer {
        let basic = Data("\(client.id):\(client.secret)".utf8).base64EncodedString()
        return try await HTTPCall.send(
            .POST, issuer.url + "/oauth2/introspect",
            headers: [
                ("Authorization", "Basic \(basic)"), ("Content-Type", "application/x-www-form-urlencoded"),
                ("Accept", accept),
            ], body: Array("token=\(token)".utf8))
    }

    @Test
    func `A signed introspection answer is for its caller only and is not an access token (RFC 9701)`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient()
        let tokens = try await Person.register(at: issuer).login()
        let type = "application/token-introspection+jwt"

        let answer = try await Self.introspect(tokens.access, at: issuer, by: client, accept: type)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == type)
        #expect(answer.header("Cache-Control") == "no-store")
        let header = try Self.segment(0, of: answer.text)
        #expect(header["typ"] as? String == "token-introspection+jwt")
        #expect(header["alg"] as? String == "RS256")
        let claims = try Self.segment(1, of: answer.text)
        #expect(Set(claims.keys) == ["iss", "aud", "iat", "token_introspection"])
        #expect(claims["iss"] as? String == issuer.issuer)
        #expect(claims["aud"] as? String == client.id)
        let plain = try await Self.introspect(tokens.access, at: issuer, by: client, accept: "*/*")
        #expect(try #require(claims["token_introspection"] as? NSDictionary) == NSDictionary(dictionary: plain.json))

        let inactive = try await Self.introspect("nonsense", at: issuer, by: client, accept: type)
        let said = try Self.segment(1, of: inactive.text)["token_introspection"] as? [String: Bool]
        #expect(said == ["active": false])
        let both = try await Self.introspect(
            tokens.access, at: issuer, by: client, accept: "\(type), application/json")
        #expect(both.header("Content-Type") == "application/json")
        #expect(try await HTTPCall.get(issuer.url + "/api/profile", token: answer.text)["code"] == "invalid_token")
    }

    @Test func `Both parts of Basic credentials are form-decoded`() async throws {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient()
        let escaped = client.id.replacingOccurrences(of: "-", with: "%2D")
        let secret = client.secret.replacingOccurrences(of: "_", with: "%5f")
        let answer = try await HTTPCall.post(
            issuer.url + "/oauth2/introspect", form: [("token", "x")], client: (escaped, secret))
        #expect(answer.text == "{\"active\":false}")
        let broken = try await HTTPCall.post(
            issuer.url + "/oauth2/introspect", form: [("token", "x")], client: (client.id + "%", client.secret))
        #expect(broken["error"] == "invalid_client")
    }

    @Test(arguments: ["", "/tenants/one", "/api", "/oauth2"])
    func `Every URL in the metadata answers, with and without the issuer's path`(
        path: String
    ) async throws {
        let identifier = "https://id.example.com" + path
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_ISSUER": identifier])
        let client = try await issuer.createClient()
        let contract = Contract.shared.below(path)
        // Log in once, because status list 0 exists only from the first session on. Its URL answers 404 before.
        _ = try await Person.register(at: issuer).login()
        let metadata = try await HTTPCall.get(
            issuer.url + "/.well-known/oauth-authorization-server" + path, contract: contract)
        #expect(metadata["issuer"] == identifier)
        let endpoints = ["token_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri"]
        for base in Set([issuer.url + path, issuer.url]) {
            var statuses: [Int] = []
            for endpoint in endpoints {
                let url = try #require(metadata[endpoint]).replacing(identifier, with: base, maxReplacements: 1)
                let form = [("grant_type", "client_credentials"), ("token", "x")]
                let answer =
                    endpoint == "jwks_uri"
                    ? try await HTTPCall.get(url, contract: contract)
                    : try await HTTPCall.post(url, form: form, client: client, contract: contract)
                statuses.append(answer.status)
            }
            #expect(statuses == [200, 200, 200, 200], "\(base)")
            let login = try await HTTPCall.post(base + "/api/login", json: [:], contract: contract)
            #expect(login["code"] == "invalid_input", "\(base)")
            let list = try await HTTPCall.get(base + "/.well-known/status-lists/0", contract: contract)
            #expect(list.status == 200, "\(base)")
        }
    }

    @Test func `The metadata has the members of RFC 8414 and matches the endpoints`() async throws {
        let issuer = try await RunningIssuer.start()
        let metadata = try await HTTPCall.get(issuer.url + "/.well-known/oauth-authorization-server").json
        func list(_ name: String) -> [String]? { metadata[name] as? [String] }
        #expect(list("response_types_supported") == [])
        #expect(list("grant_types_supported") == ["client_credentials", "refresh_token"])
        #expect(list("scopes_supported") == ["account"])
        let methods = ["client_secret_basic", "client_secret_post"]
        #expect(list("token_endpoint_auth_methods_supported") == methods + ["none"])
        #expect(list("introspection_endpoint_auth_methods_supported") == methods)
        #expect(list("revocation_endpoint_auth_methods_supported") == methods)
        #expect(list("introspection_signing_alg_values_supported") == ["RS256"])
        #expect(metadata["authorization_endpoint"] == nil)
    }

    @Test func `Unknown OAuth paths and methods get an error object of RFC 6749`() async throws {
        let issuer = try await RunningIssuer.start()
        for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
            for method in [HTTPMethod.GET, .PUT, .DELETE, .PATCH, .OPTIONS] {
                let answer = try await HTTPCall.send(method, issuer.url + path)
                #expect(answer.status == 405)
                #expect(answer["error"] == "invalid_request", "\(method) \(path)")
                #expect(answer.header("Allow") == "POST")
                #expect(answer.header("Content-Type") == "application/json")
            }
        }
        let missing = try await HTTPCall.post(issuer.url + "/oauth2/authorize", form: [])
        #expect(missing.status == 404)
        #expect(missing["error"] == "invalid_request")
        #expect(try await HTTPCall.get(issuer.url + "/oauth2")["code"] == "not_found")
    }

    @Test func `A token response is no-store and has no scope member if the scope is empty`() async throws {
        let issuer = try await RunningIssuer.start()
        let plain = try await issuer.createClient()
        let scoped = try await issuer.createClient(["--scope", "a b"])
        let person = try await Person.register(at: issuer)
        let url = issuer.url + "/oauth2/token"
        let grant = [("grant_type", "client_credentials")]
        for (answer, scope) in [
            (try await HTTPCall.post(url, form: grant, client: plain), nil),
            (try await HTTPCall.post(url, form: grant, client: scoped), "a b"),
            (try await HTTPCall.post(url, form: grant + [("scope", "b")], client: scoped), "b"),
            (
                try await HTTPCall.post(
                    url, form: [("grant_type", "refresh_token"), ("refresh_token", try await person.login().refresh)]),
                "account"
            ),
        ] {
            #expect(answer.status == 200)
            #expect(answer.header("Cache-Control") == "no-store")
            #expect(answer.header("Pragma") == "no-cache")
            #expect(answer.json["scope"] as? String == scope)
            #expect(answer["token_type"] == "Bearer")
        }
    }

    @Test func `A refresh can narrow its scope and not widen it, and a refusal does not use up the token`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let refresh = try await Person.register(at: issuer).login().refresh
        func exchange(_ parameters: [(String, String)]) async throws -> HTTPCall.Answer {
            try await HTTPCall.post(
                issuer.url + "/oauth2/token",
                form: [("grant_type", "refresh_token"), ("refresh_token", refresh)] + parameters)
        }
        for scope in ["admin everything", "account admin", "bad\\"] {
            let answer = try await exchange([("scope", scope)])
            #expect(answer.status == 400)
            #expect(answer["error"] == "invalid_scope")
        }
        for parameters in [[("client_id", "unknown-client")], [("client_id", UUID().uuidString.lowercased())]] {
            let answer = try await exchange(parameters)
            #expect(answer.status == 401)
            #expect(answer["error"] == "invalid_client")
        }
        let answer = try await exchange([("scope", "account"), ("client_id", "first-party")])
        #expect(answer.status == 200)
        #expect(answer["scope"] == "account")
    }

    @Test func `A form needs the exact media type, with or without parameters`() async throws {
        let issuer = try await RunningIssuer.start()
        for (type, status) in [
            ("application/x-www-form-urlencoded; charset=UTF-8", 400), ("Application/X-WWW-Form-Urlencoded\t;x", 400),
            ("application/x-www-form-url encoded", 415), ("application/x-www-form-urlencodedx", 415), ("", 415),
        ] {
            let answer = try await HTTPCall.send(
                .POST, issuer.url + "/oauth2/token", headers: [("Content-Type", type)], body: Array("a=b".utf8))
            #expect(answer.status == status, "\(type)")
            #expect(answer["error"] == "invalid_request")
        }
    }

    @Test(arguments: ["access_token", "refresh_token", "id_token", ""])
    func `An access token introspects, and both tokens revoke, with any token_type_hint`(hint: String) async throws {
        let issuer = try await RunningIssuer.start()
        let client = try await issuer.createClient()
        let person = try await Person.register(at: issuer)
        func active(_ token: String) async throws -> Bool? {
            let answer = try await HTTPCall.post(
                issuer.url + "/oauth2/introspect", form: [("token", token), ("token_type_hint", hint)], client: client)
            return answer.json["active"] as? Bool
        }
        func revoke(_ token: String) async throws {
            let answer = try await HTTPCall.post(
                issuer.url + "/oauth2/revoke", form: [("token", token), ("token_type_hint", hint)], client: client)
            #expect(answer.status == 200)
        }
        let access = try await person.login().access
        #expect(try await active(access) == true)
        try await revoke(access)
        #expect(try await active(access) == false)
        let tokens = try await person.login()
        #expect(try await active(tokens.access) == true)
        // The refresh token of a login was not issued to this client, so the client learns nothing about it.
        #expect(try await active(tokens.refresh) == false)
        try await revoke(tokens.refresh)
        #expect(try await active(tokens.access) == false)
    }

    @Test func `The metadata of an issuer with a path is served at every well-known form of its URL`()
        async throws
    {
        let identifier = "https://id.example.com/Tenants/one"
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_ISSUER": identifier])
        for path in [
            "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/Tenants/one", "/.well-known/openid-configuration/Tenants/one",
            "/Tenants/one/.well-known/openid-configuration",
        ] {
            let answer = try await HTTPCall.get(
                issuer.url + path, contract: Contract.shared.below("/Tenants/one"))
            #expect(answer.status == 200, "\(path)")
            #expect(answer["issuer"] == identifier)
            for member in ["token", "introspection", "revocation"] {
                #expect(answer["\(member)_endpoint"]?.hasPrefix(identifier + "/oauth2/") == true)
            }
            #expect(answer.json["introspection_signing_alg_values_supported"] as? [String] == ["RS256"])
        }
    }
}
