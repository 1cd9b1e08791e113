import Foundation
import NIOHTTP1
import Testing

@Suite("The OAuth endpoints, to the letter")
struct OAuthTests {
    /// The JSON object in a segment of a compact JWS.
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

    @Test("Who accepts nothing but a signed introspection answer gets one, for itself, and it opens nothing (RFC 9701)")
    func signedIntrospection() async throws {
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

    @Test("The two parts of Basic credentials are form-decoded")
    func formDecoding() async throws {
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

    @Test("The metadata of an issuer with a path is found in every form, with the issuer byte for byte")
    func metadataWithPath() async throws {
        let identifier = "https://id.example.com/Tenants/one"
        let issuer = try await RunningIssuer.start(settings: ["SIGNET_ISSUER": identifier])
        for path in [
            "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/Tenants/one", "/.well-known/openid-configuration/Tenants/one",
            "/Tenants/one/.well-known/openid-configuration",
        ] {
            let answer = try await HTTPCall.get(issuer.url + path)
            #expect(answer.status == 200, "\(path)")
            #expect(answer["issuer"] == identifier)
            for member in ["token", "introspection", "revocation"] {
                #expect(answer["\(member)_endpoint"]?.hasPrefix(identifier + "/oauth2/") == true)
            }
            #expect(answer.json["introspection_signing_alg_values_supported"] as? [String] == ["RS256"])
        }
    }
}
