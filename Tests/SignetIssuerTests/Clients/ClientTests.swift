import JOSE
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct ClientTests {
    @Test func `a client is known by its id and secret, and the store has only the hash`() async throws {
        let test = try TestIssuer.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        #expect(try test.issuer.authenticate(clientID: client.id.description, secret: secret) == client)
        #expect(client.secretHash.count == 32)
        #expect(secret.utf8.count == 4 + 43)
        #expect(client.mayIntrospect)
        #expect(client.mayUseClientCredentials)
    }

    @Test func `unknown client, wrong secret and no client id at all get the same answer`() async throws {
        let test = try TestIssuer.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        let id = client.id.description
        var errors: [String?] = []
        for (id, secret) in [
            (id, ""), (id, secret + "x"), (id, String(secret.dropLast())), (id.uppercased(), secret),
            (ClientID.random().description, secret), ("", ""), ("first-party", secret),
            (String(repeating: "x", count: 100_000), String(repeating: "y", count: 100_000)),
        ] {
            let error = await expect(.invalidClient) { try test.issuer.authenticate(clientID: id, secret: secret) }
            errors.append(error?.description)
        }
        #expect(Set(errors).count == 1)
    }

    @Test func `a deleted client is unknown`() async throws {
        let test = try TestIssuer.make()
        let (client, secret) = try await test.administration.createClient(name: "orders")
        try await test.administration.deleteClient(client.id.description)
        await expect(.invalidClient) { try test.issuer.authenticate(clientID: client.id.description, secret: secret) }
        await expect(.clientNotFound) { try await test.administration.deleteClient(client.id.description) }
        await expect(.clientNotFound) { try await test.administration.deleteClient("no id") }
    }

    @Test func `client credentials give a token that speaks for the client`() async throws {
        let test = try TestIssuer.make()
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

    @Test func `the scope asked for must be part of the client's`() async throws {
        let test = try TestIssuer.make()
        let client = try await test.client(scopes: ["a", "b", "c"])
        #expect(try test.issuer.clientCredentials(client: client, scope: "c a c").scope == "c a")
        #expect(try test.issuer.clientCredentials(client: client, scope: "").scope == "a b c")
        for scope in ["d", "a d", "a  b", " a", "a ", "a\tb", "A", "a\"", String(repeating: "a ", count: 1000) + "a"] {
            await expect(.invalidScope) { try test.issuer.clientCredentials(client: client, scope: scope) }
        }
    }

    @Test func `a client without scopes gets a token without scope`() async throws {
        let test = try TestIssuer.make()
        let client = try await test.client()
        let grant = try test.issuer.clientCredentials(client: client, scope: nil)
        #expect(grant.scope == "")
        #expect(try test.claims(of: grant.accessToken)["scope"] == nil)
        await expect(.invalidScope) { try test.issuer.clientCredentials(client: client, scope: "a") }
    }

    @Test func `a client may be kept from client credentials`() async throws {
        let test = try TestIssuer.make()
        let client = try await test.administration.createClient(name: "x", mayUseClientCredentials: false).client
        await expect(.insufficientPermission) { try test.issuer.clientCredentials(client: client, scope: nil) }
    }

    @Test func `faulty fields of a new client are named at once`() async throws {
        let test = try TestIssuer.make()
        let error = await expect(.invalidInput) {
            try await test.administration.createClient(name: "", scopes: ["a b"])
        }
        #expect(error?.fields.map(\.field) == ["name", "scope"])
        #expect(error?.fields.map(\.code) == [.required, .forbiddenCharacter])
        await expect(.invalidInput) {
            try await test.administration.createClient(name: "x", scopes: (0...64).map { "s\($0)" })
        }
    }
}
