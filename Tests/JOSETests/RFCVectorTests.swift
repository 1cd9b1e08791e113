import JOSE
import RSAVerification
import TestVectors
import Testing

@Suite("Examples of the RFCs", .enabled(if: VectorFile.areExpected, "../shared/vectors is missing"))
struct RFCVectorTests {
    private static let tokenKeys: Set<String> = [
        "id", "group", "comment", "jws", "jwks", "private_jwk", "now", "options", "expected", "expected_as_jwt",
        "reason",
        "payload_utf8", "payload_is_claims", "jwk",
    ]

    @Test(
        arguments: try VectorFile.rfc.cases(at: ["vectors", "rfc7515"], knownKeys: tokenKeys)
            + VectorFile.rfc.cases(at: ["vectors", "rfc7520"], knownKeys: tokenKeys))
    func `include tokens of RFC 7515 and RFC 7520`(vector: VectorCase) throws {
        guard vector["jws"] != nil else {
            // This vector is a private key as a JWK. The parsed key must not contain the private exponent `d`.
            let object = try JSONObject(parsing: try vector.jsonBytes("jwk"))
            let key = try RSAJWK(object)
            #expect(key.json["d"] == nil)
            #expect(key.json["n"] == object["n"])
            return
        }
        let payload = JWSVerification.payload(of: try vector.string("jws"), document: try vector.jsonBytes("jwks"))
        // The tokens of these two vectors have expired, but their signatures are valid. `JWSVerification` checks only
        // signatures, so it accepts them.
        let isExpiredOnly = ["rfc7515-A2-expired", "rfc7515-A2-at-exp"].contains(vector.id)
        switch try vector.string("expected") {
        case "accept": #expect(payload != nil)
        case "reject": #expect((payload != nil) == isExpiredOnly)
        case let other: Issue.record("unknown expectation \(other)")
        }
        if let text = vector["payload_utf8"]?.string { #expect(payload == Array(text.utf8)) }
    }

    @Test(
        arguments: try VectorFile.rfc.cases(
            at: ["vectors", "rfc7517"],
            knownKeys: ["id", "comment", "jwks", "usable_rs256_kids", "skipped_kids", "note"]))
    func `include key sets of RFC 7517`(vector: VectorCase) throws {
        let set = try JWKSet(parsing: try vector.jsonBytes("jwks"))
        #expect(set.keys.map(\.keyID) == vector["usable_rs256_kids"]?.array?.map(\.string))
        #expect(set.keys.count + set.skippedKeys.count == vector["jwks"]?["keys"]?.array?.count)
        let text = String(decoding: set.json.serialized(), as: UTF8.self)
        #expect(!text.contains("\"d\""))
    }

    @Test(
        arguments: try VectorFile.rfc.cases(
            at: ["vectors", "rfc7638"],
            knownKeys: ["id", "jwk", "canonical_json", "sha256_hex", "thumbprint", "source"]))
    func `include thumbprints of RFC 7638`(vector: VectorCase) throws {
        let key = try RSAJWK(try JSONObject(parsing: try vector.jsonBytes("jwk")))
        #expect(String(decoding: key.thumbprintInput, as: UTF8.self) == (try vector.string("canonical_json")))
        #expect(Base64URL.encode(SHA256.digest(key.thumbprintInput)) == (try vector.string("thumbprint")))
    }
}
