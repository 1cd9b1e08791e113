import RSASigning
import RSAVerification
import TestVectors
import Testing

@Suite("RS256 signatures that Wycheproof expects", .enabled(if: VectorFile.areExpected, "../shared/vectors is missing"))
struct WycheproofSigningTests {
    private static let knownKeys: Set<String> = [
        "id", "group", "comment", "flags", "key_bits", "e", "private_key_pem", "msg_hex", "expected_sig_hex",
        "wycheproof_result", "expected", "reason",
    ]

    @Test(arguments: try VectorFile.wycheproofSign.cases(knownKeys: knownKeys))
    func `are made byte for byte, or the key is refused`(vector: VectorCase) throws {
        let pem = try vector.string("private_key_pem")
        switch try vector.string("expected") {
        case "equal":
            let key = try RSAPrivateKey(pem: pem)
            let signature = try key.sign(try vector.bytes(hexadecimal: "msg_hex"))
            #expect(signature == (try vector.bytes(hexadecimal: "expected_sig_hex")))
        case "key-refused-or-equal":
            let error = #expect(throws: RSAKeyError.self) { try RSAPrivateKey(pem: pem) }
            #expect(error?.code == .unsupportedSize)
        case let other: Issue.record("unknown expectation \(other)")
        }
    }
}
