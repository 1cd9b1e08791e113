import SignetTesting
import Testing

@Test func `a service without keys says that it cannot tell`() async throws {
    let issuer = try TestIssuer()
    let keys = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
    let verifier = Verifier(policy: try issuer.policy(), keys: keys)
    let token = try issuer.token()
    issuer.goDown()
    let error = await #expect(throws: VerificationError.self) { try await verifier.verify(token) }
    #expect(error?.code == .keysUnavailable)
    #expect(error?.challenge.status == 503)
}
