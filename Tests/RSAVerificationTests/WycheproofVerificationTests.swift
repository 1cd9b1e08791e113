import RSAVerification
import TestVectors
import Testing

@Suite("RS256 signatures of Wycheproof", .enabled(if: VectorFile.areExpected, "../shared/vectors is missing"))
struct WycheproofVerificationTests {
    private static let knownKeys: Set<String> = [
        "id", "group", "comment", "flags", "key_bits", "e", "public_key_pem", "jwk", "msg_hex", "sig_hex",
        "wycheproof_result", "expected_rs256", "reason", "policy_note",
    ]

    @Test(arguments: try VectorFile.wycheproofVerify.cases(knownKeys: knownKeys))
    func `are accepted or refused as expected`(vector: VectorCase) throws { try check(vector) }

    @Test(arguments: try VectorFile.wycheproofWrongHash.cases(knownKeys: knownKeys))
    func `are refused if the hash is not SHA-256`(vector: VectorCase) throws { try check(vector) }

    private func check(_ vector: VectorCase) throws {
        let key = try RSAPublicKey(pem: vector.string("public_key_pem"))
        #expect(vector["key_bits"]?.integer == Int64(key.bitCount))
        let signature = try vector.bytes(hexadecimal: "sig_hex")
        let isValid = try key.isValidSignature(signature, for: try vector.bytes(hexadecimal: "msg_hex"))
        switch try vector.string("expected_rs256") {
        case "accept": #expect(isValid)
        // In signatures with the verdict "either", the hash algorithm identifier has no NULL parameter. RFC 8017 §8.2.2
        // requires this NULL, so Signet must refuse these signatures.
        case "reject", "either": #expect(!isValid)
        case let other: Issue.record("unknown expectation \(other)")
        }
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }
}
