import SignetTesting
import Testing

@Test func `a token names its tenant`() async throws {
    let issuer = try TestIssuer(issuer: "https://login.example", audience: "orders")
    let token = try issuer.token(roles: ["admin"], claims: ["tenant": "acme", "limits": ["orders": 10]])
    let verified = try await issuer.verifier().verify(token)
    #expect(verified.roles == ["admin"])
    #expect(verified["tenant"] == "acme")
    #expect(verified["limits"]?.object?["orders"] == 10)
}
