import SignetTesting
import SignetVerifier
import Testing

@Suite("Many tasks with one verifier", .timeLimit(.minutes(1)))
struct ConcurrencyTests {
    @Test func `each get the result of their own token while keys change`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let verifier = Verifier(
            policy: try issuer.policy(), keys: issuer, signatureCacheCapacity: 16, now: { Sample.now })
        let first = issuer.keyID
        try issuer.rotateKey()
        let cases: [(token: String, code: VerificationError.Code?)] = try (0..<24).map { number in
            let fault: TokenFault? = number % 3 == 0 ? nil : TokenFault.all[number % TokenFault.all.count]
            return (try issuer.token(subject: "user-\(number)", fault: fault), fault?.code)
        }
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        let number = round % cases.count
                        do throws(VerificationError) {
                            let token = try await verifier.verify(cases[number].token)
                            #expect(cases[number].code == nil && token.subject == "user-\(number)")
                        } catch {
                            #expect(error.code == cases[number].code)
                        }
                    }
                }
            }
            group.addTask { issuer.withdrawKey(first) }
        }
    }
}
