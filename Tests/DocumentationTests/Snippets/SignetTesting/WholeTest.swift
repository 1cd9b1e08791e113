import SignetTesting
import Testing

@Test func `only a token that may read orders is good here`() async throws {
    let issuer = try TestIssuer()
    let verifier = try issuer.verifier(requiredScopes: ["orders:read"])
    let good = try issuer.token(subject: "ada", scopes: ["orders:read"])
    #expect(try await verifier.verify(good).subject == "ada")
    await #expect(throws: VerificationError(.insufficientScope, "")) {
        try await verifier.verify(issuer.token(subject: "ada"))
    }
}
