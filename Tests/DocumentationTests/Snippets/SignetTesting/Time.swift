import SignetTesting
import Testing

@Test func `a token dies 30 seconds after its end`() async throws {
    let issuer = try TestIssuer(now: { NumericDate(1_800_000_000) })
    let token = try issuer.token(lifetime: .seconds(60))
    let verifier = try issuer.verifier()
    let keys = try KeySet(jwks: issuer.jwks)
    _ = try verifier.verify(token, with: keys, at: NumericDate(1_800_000_089))
    #expect(throws: VerificationError(.expired, "")) {
        try verifier.verify(token, with: keys, at: NumericDate(1_800_000_090))
    }
}
