import SignetTesting
import Testing

@Test func `a session that has ended is refused`() async throws {
    let issuer = try TestIssuer()
    let verifier = Verifier(policy: try issuer.policy(), keys: issuer, statuses: try issuer.statuses())
    let token = try issuer.token(statusIndex: 7)
    _ = try await verifier.verify(token)
    issuer.revoke(statusIndex: 7)
    await #expect(throws: VerificationError(.revoked, "")) { try await verifier.verify(token) }
}
