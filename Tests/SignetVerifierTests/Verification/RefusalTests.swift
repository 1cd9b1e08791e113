import JOSE
import SignetTesting
import SignetVerifier
import Testing

@Suite("A bad token")
struct RefusalTests {
    @Test(arguments: TokenFault.all)
    func `is refused with the code of its fault`(fault: TokenFault) throws {
        let token = try Sample.issuer.get().token(fault: fault)
        #expect(try Sample.code { try Sample.verify(token) } == fault.code)
    }

    @Test func `is refused for its first fault in the order size, shape, header, policy, key, signature, claims`()
        throws
    {
        let issuer = try Sample.issuer.get()
        let header: JSONObject = ["alg": "none", "typ": "JWT", "kid": "unknown"]
        let claims: JSONObject = ["exp": 1]
        // The first token has many faults. Each further token repairs the fault that the verifier reported for the
        // token before.
        let steps: [(String, VerificationError.Code)] = [
            (String(repeating: ".", count: 16_385), .tokenTooLarge),
            ("a.b", .malformedToken),
            (try issuer.sign(header: header, payload: []), .unsupportedAlgorithm),
            (try issuer.sign(header: ["alg": "RS256", "typ": "JWT", "kid": "unknown"], payload: []), .wrongType),
            (try issuer.sign(header: ["alg": "RS256", "typ": "at+jwt", "kid": "unknown"], payload: []), .unknownKey),
            (try tampered(header: ["alg": "RS256", "typ": "at+jwt", "kid": .string(issuer.keyID)]), .badSignature),
            (
                try issuer.sign(header: ["alg": "RS256", "typ": "at+jwt", "kid": .string(issuer.keyID)], payload: []),
                .malformedClaims
            ),
            (
                try issuer.sign(
                    header: ["alg": "RS256", "typ": "at+jwt", "kid": .string(issuer.keyID)],
                    payload: claims.serialized()), .missingClaim
            ),
        ]
        for (token, code) in steps { #expect(try Sample.code { try Sample.verify(token) } == code) }
    }

    /// Returns a token whose payload is not JSON and whose signature does not match the payload.
    private func tampered(header: JSONObject) throws -> String {
        let good = try Sample.issuer.get().sign(header: header, payload: [1])
        let parts = good.split(separator: ".")
        return "\(parts[0]).AA.\(parts[2])"
    }

    @Test func `is malformed if the header is not a JSON object`() throws {
        let token = "\(Base64URL.encode(Array("[]".utf8))).e30.AA"
        #expect(try Sample.code { try Sample.verify(token) } == .malformedHeader)
    }

    @Test(arguments: TokenFault.all)
    func `is not quoted in an error, except for the claims that identify a signed token`(fault: TokenFault) throws {
        let token = try Sample.issuer.get().token(
            subject: "secret-subject", scopes: ["secret-scope"], claims: ["custom": "secret-custom"], fault: fault)
        do {
            try Sample.verify(token)
            Issue.record("expected to be refused")
        } catch let error as VerificationError {
            #expect(!"\(error.detail) \(error.challenge.headerValue ?? "")".contains("secret"))
            // The error may name the subject only if the token's signature is valid.
            let isSigned = [
                .expired, .notYetValid, .issuedInFuture, .wrongIssuer, .wrongAudience, .missingClaim("exp"),
            ].contains(fault)
            #expect((error.token?.subject == "secret-subject") == isSigned)
            let text = "\(error)"
            #expect(!text.contains("secret-scope") && !text.contains("secret-custom"))
            #expect(text.contains("secret-subject") == isSigned)
            for part in token.split(separator: ".") where part.count > 8 { #expect(!text.contains(part)) }
        }
    }

    @Test func `is refused beyond 16 KiB`() throws {
        #expect(try Sample.code { try Sample.verify(String(repeating: "a", count: 16_384)) } == .malformedToken)
        #expect(try Sample.code { try Sample.verify(String(repeating: "a", count: 16_385)) } == .tokenTooLarge)
    }
}
