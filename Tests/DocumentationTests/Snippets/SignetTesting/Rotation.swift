import SignetTesting
import Testing

@Test func `a new key is found, and a withdrawn one is refused`() async throws {
    let issuer = try TestIssuer()
    let verifier = try issuer.verifier()
    let old = try issuer.token()
    let leaked = issuer.keyID
    try issuer.rotateKey()
    _ = try await verifier.verify(issuer.token())
    _ = try await verifier.verify(old)
    issuer.withdrawKey(leaked)
    await #expect(throws: VerificationError(.unknownKey, "")) { try await verifier.verify(old) }
}
