import SignetTesting
import Testing

struct FaultyTokenTests {
    static let issuer = Result { try TestIssuer() }

    @Test(arguments: TokenFault.all)
    func `no faulty token is let in`(fault: TokenFault) async throws {
        let issuer = try Self.issuer.get()
        let verifier = try issuer.verifier()
        await #expect(throws: VerificationError(fault.code, "")) {
            try await verifier.verify(issuer.token(fault: fault))
        }
    }
}
