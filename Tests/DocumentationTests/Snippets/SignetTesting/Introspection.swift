import SignetTesting
import Testing

@Test func `a payment needs a session that is still there`() async throws {
    let issuer = try TestIssuer()
    issuer.addClient(id: "orders", secret: "secret")
    let client = try IntrospectionClient(
        endpoint: issuer.introspectionURL, clientID: "orders", clientSecret: "secret", fetcher: issuer)
    let token = try issuer.token(sessionID: "s-1")
    #expect(try await client.requireActive(token).subject == "user-1")
    issuer.endSession("s-1")
    await #expect(throws: VerificationError(.tokenInactive, "")) { try await client.requireActive(token) }
}
