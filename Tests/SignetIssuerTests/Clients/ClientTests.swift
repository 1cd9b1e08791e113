import JOSE
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct ClientTests {
    @Test func `a client authenticates with its id and secret, and the store has only the hash`() async throws {
        let test = try IssuerFixture.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        #expect(try await test.issuer.authenticate(clientID: client.id.description, secret: secret) == client)
        let record = try test.store.read { try $0.client(id: client.id) }
        #expect(record?.secretHash.count == 32)
        #expect(secret.utf8.count == 4 + 43)
        #expect(client.mayIntrospect)
        #expect(client.mayUseClientCredentials)
    }

    @Test func `an unknown client, a wrong secret and a malformed id get the same answer`() async throws {
        let test = try IssuerFixture.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        let id = client.id.description
        var errors: [String?] = []
        for (id, secret) in [
            (id, ""), (id, secret + "x"), (id, String(secret.dropLast())), (id.uppercased(), secret),
            (ClientID.random().description, secret), ("", ""), ("first-party", secret),
            (String(repeating: "x", count: 100_000), String(repeating: "y", count: 100_000)),
        ] {
            let error = await expect(.invalidClient) {
                try await test.issuer.authenticate(clientID: id, secret: secret)
            }
            errors.append(error?.description)
        }
        #expect(Set(errors).count == 1)
    }

    @Test func `a deleted client cannot authenticate`() async throws {
        let test = try IssuerFixture.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        try await test.administration.deleteClient(client.id.description)
        await expect(.invalidClient) {
            try await test.issuer.authenticate(clientID: client.id.description, secret: secret)
        }
        await expect(.clientNotFound) { try await test.administration.deleteClient(client.id.description) }
        await expect(.clientNotFound) { try await test.administration.deleteClient("no id") }
    }

    @Test func `a client credentials token has the client as its subject`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client(scopes: ["orders:write", "orders:read"])
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        #expect(grant.expiresIn == 900)
        #expect(grant.scope == "orders:read orders:write")
        let claims = try test.claims(of: grant.accessToken)
        #expect(
            claims.members.map(\.name) == ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"])
        #expect(claims["sub"] == .string(client.id.description))
        #expect(claims["client_id"] == .string(client.id.description))
    }

    @Test func `a scope beyond the client's is refused`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client(scopes: ["a", "b", "c"])
        #expect(try test.issuer.clientCredentials(client: client, scope: "c a c").scope == "c a")
        #expect(try test.issuer.clientCredentials(client: client, scope: "").scope == "a b c")
        for scope in ["d", "a d", "a  b", " a", "a ", "a\tb", "A", "a\"", String(repeating: "a ", count: 1000) + "a"] {
            await expect(.invalidScope) { try test.issuer.clientCredentials(client: client, scope: scope) }
        }
    }

    @Test func `a client without scopes gets a token without scope`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        #expect(grant.scope == "")
        #expect(try test.claims(of: grant.accessToken)["scope"] == nil)
        await expect(.invalidScope) { try test.issuer.clientCredentials(client: client, scope: "a") }
    }

    @Test func `a client without the permission gets no client credentials token`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.administration.createClient(name: "x", mayUseClientCredentials: false).client
        await expect(.insufficientPermission) { try test.issuer.clientCredentials(client: client, scope: nil) }
    }

    @Test func `all faulty fields of a new client are reported together`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) {
            try await test.administration.createClient(name: "", scopes: ["a b"], audiences: ["ok", "a#b"])
        }
        #expect(error?.fields.map(\.field) == ["name", "scope", "audience"])
        #expect(error?.fields.map(\.code) == [.required, .forbiddenCharacter, .invalidValue])
        await expect(.invalidInput) {
            try await test.administration.createClient(name: "x", scopes: (0...64).map { "s\($0)" })
        }
        let many = await expect(.invalidInput) {
            try await test.administration.createClient(name: "x", audiences: (0...16).map { "a\($0)" })
        }
        #expect(many?.fields.map(\.code) == [.tooLong])
    }

    @Test func `a client's audiences are stored sorted and without duplicates, and there are none by default`()
        async throws
    {
        let test = try IssuerFixture.make()
        let names = ["stock", "https://billing.example.com", "stock", "Stock"]
        let client = try await test.administration.createClient(name: "orders", audiences: names).client
        #expect(client.audiences == ["Stock", "https://billing.example.com", "stock"])
        #expect(try await test.administration.clients(limit: 10) == [client])
        let many = (0..<100).map { "a\($0 % 16)" }
        #expect(try await test.administration.createClient(name: "x", audiences: many).client.audiences.count == 16)
        #expect(try await test.client().audiences.isEmpty)
    }

    @Test func `a token names one audience as a string and several as an array`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client(audiences: ["stock", "https://billing.example.com"])
        func audience(_ resources: [String], _ audiences: [String]) throws -> JSONValue? {
            let target = AudienceRequest(resources: resources, audiences: audiences)
            let grant = try test.issuer.clientCredentials(client: client, scope: nil, for: target)
            return try test.claims(of: grant.accessToken)["aud"]
        }
        #expect(try audience([], []) == "https://api.example.com")
        #expect(try audience([], ["stock"]) == "stock")
        #expect(try audience(["https://billing.example.com"], []) == "https://billing.example.com")
        #expect(
            try audience(["https://billing.example.com"], ["stock", "https://api.example.com"])
                == ["https://billing.example.com", "stock", "https://api.example.com"])
        await expect(.invalidTarget) { try audience([], ["stock", "shop"]) }
    }

    @Test func `a client without audiences gets tokens for the issuer's own alone`() async throws {
        let test = try IssuerFixture.make()
        let client = try await test.client()
        let own = AudienceRequest(resources: ["https://api.example.com"], audiences: [])
        #expect(throws: Never.self) { try test.issuer.clientCredentials(client: client, scope: nil, for: own) }
        let other = AudienceRequest(resources: [], audiences: ["stock"])
        await expect(.invalidTarget) { try test.issuer.clientCredentials(client: client, scope: nil, for: other) }
    }

    @Test func `the largest token of a client fits a header field of 8 KiB`() async throws {
        let test = try IssuerFixture.make()
        let audiences = (0..<Administration.maximumAudiences).map { index in
            String(repeating: "a", count: Audience.maximumLength - 2) + String(10 + index)
        }
        let scopes = (0..<64).map { index in String(repeating: "s", count: 13) + String(10 + index) }
        let client = try await test.client(scopes: scopes, audiences: audiences)
        let target = AudienceRequest(resources: ["https://api.example.com"], audiences: audiences)
        let grant = try test.issuer.clientCredentials(client: client, scope: nil, for: target)
        #expect(grant.scope.utf8.count == 1023)
        #expect(try test.claims(of: grant.accessToken)["aud"]?.array?.count == 17)
        #expect("Authorization: Bearer \(grant.accessToken)".utf8.count < 8190)
        #expect(try await test.issuer.introspect(grant.accessToken, by: client) != .inactive)
    }
}
