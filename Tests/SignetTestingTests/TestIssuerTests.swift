import HTTPFetching
import SignetTesting
import SignetVerifier
import Testing

@Suite("An issuer for tests")
struct TestIssuerTests {
    @Test(arguments: TokenFault.all)
    func `mints each fault so that a verifier reports its code`(fault: TokenFault) async throws {
        let issuer = try Self.shared.get()
        let verifier = try issuer.verifier()
        await #expect(throws: VerificationError(fault.code, "")) {
            try await verifier.verify(issuer.token(fault: fault))
        }
    }

    @Test func `adds and replaces claims`() async throws {
        let issuer = try Self.shared.get()
        let token = try await issuer.verifier().verify(
            issuer.token(subject: "ada", roles: ["admin"], claims: ["tenant": 7, "sub": "bob"]))
        #expect(token.subject == "bob")
        #expect(token["tenant"] == 7)
        #expect(token.roles == ["admin"])
    }

    @Test func `rotates and withdraws keys, and a verifier sees it at once`() async throws {
        let issuer = try TestIssuer()
        let verifier = try issuer.verifier()
        let first = issuer.keyID
        let old = try issuer.token()
        let second = try issuer.rotateKey()
        #expect(issuer.keyID == second)
        #expect(try await verifier.verify(issuer.token()).keyID == second)
        #expect(try await verifier.verify(old).keyID == first)
        issuer.withdrawKey(second)
        issuer.withdrawKey(first)
        await #expect(throws: VerificationError(.unknownKey, "")) { try await verifier.verify(old) }
        #expect(try await verifier.verify(issuer.token()).keyID == second)
    }

    @Test func `serves metadata and keys in process, and can be taken down and up again`() async throws {
        let issuer = try TestIssuer()
        let source = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
        let verifier = Verifier(policy: try issuer.policy(), keys: source)
        issuer.goDown()
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await verifier.verify(issuer.token()) }
        await #expect(throws: VerificationError(.keysUnavailable, "")) {
            try await issuer.verifier().verify(issuer.token())
        }
        issuer.comeBack()
        let again = Verifier(
            policy: try issuer.policy(), keys: try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer))
        #expect(try await again.verify(issuer.token()).subject == "user-1")
        let missing = try await issuer.fetch(
            HTTPFetchRequest(url: "\(issuer.issuer)/other", timeout: .seconds(1), maximumBodyBytes: 1))
        #expect(missing.status == 404)
    }

    private static let shared = Result { try TestIssuer() }
}
