import JOSE
import TestVectors
import Testing

@Suite("Compact JWS of Wycheproof", .enabled(if: VectorFile.areExpected, "../shared/vectors is missing"))
struct WycheproofJWSTests {
    private static let knownKeys: Set<String> = [
        "id", "group", "comment", "flags", "jws", "jwks", "payload_is_claims", "wycheproof_result", "expected",
        "reason",
    ]

    @Test(arguments: try VectorFile.wycheproofJWS.cases(knownKeys: knownKeys))
    func `are accepted or refused as expected`(vector: VectorCase) throws {
        let payload = JWSVerification.payload(of: try vector.string("jws"), document: try vector.jsonBytes("jwks"))
        switch try vector.string("expected") {
        case "accept": #expect(payload != nil)
        case "reject": #expect(payload == nil)
        case let other: Issue.record("unknown expectation \(other)")
        }
    }
}
