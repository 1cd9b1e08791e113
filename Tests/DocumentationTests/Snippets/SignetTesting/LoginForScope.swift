import SignetClient
import SignetTesting
import Testing

@Test func `a login for orders reads orders`() async throws {
    let issuer = try TestIssuer(audience: "https://orders.example.com")
    issuer.addUser(email: "ada@example.com", password: "secret")
    issuer.allowLogins(scopes: ["orders:read"])
    let session = try UserSession(issuer: issuer.issuer, fetcher: issuer)
    try await session.logIn(email: "ada@example.com", password: "secret", scopes: ["orders:read"])
    let verifier = try issuer.verifier(requiredScopes: ["orders:read"])
    #expect(try await verifier.verify(session.accessToken()).scopes == ["orders:read"])
}
