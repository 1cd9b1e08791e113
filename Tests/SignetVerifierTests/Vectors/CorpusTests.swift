import SignetVerifier
import TestVectors
import Testing

@Suite("The JWT corpus")
struct CorpusTests {
    private static let knownKeys: Set<String> = [
        "id", "group", "variant", "comment", "jws", "now", "options", "expected", "strength", "reason", "jwks",
        "jwks_raw", "cve",
    ]
    private static let knownOptions: Set<String> = ["issuer", "audience", "leeway", "require", "require_typ"]

    /// Test cases that Signet refuses although the corpus accepts them: the ID of each case, with the reason for the
    /// refusal. The corpus marks these cases with the strength `policy`.
    static let differences: [String: String] = [
        "json-payload-edge-003": "nesting is followed to depth 32: no access token needs more, and depth costs stack",
        "json-payload-edge-007": "an integer beyond 64 bits has no value that every reader agrees on",
        "json-payload-edge-008": "a number beyond a double has no value that every reader agrees on",
        "json-payload-edge-010": "a token has at most 16 KiB",
        "json-payload-edge-011": "a token has at most 16 KiB",
    ]

    @Test(arguments: try VectorFile.jwtCorpus.cases(knownKeys: knownKeys))
    func `is accepted or refused as expected in every case`(vector: VectorCase) throws {
        let isAccepted: Bool
        var code: VerificationError.Code?
        do {
            let keys = (try? KeySet(jwks: Self.document(of: vector))) ?? .empty
            let now = NumericDate(try #require(vector["now"]?.integer))
            let verifier = Verifier(policy: try Self.policy(of: vector), keys: StaticKeySource(keys))
            _ = try verifier.verify(vector.string("jws"), with: keys, at: now)
            isAccepted = true
        } catch let error as VerificationError {
            isAccepted = false
            code = error.code
        }
        let expected = try vector.string("expected")
        try #require(["accept", "reject"].contains(expected))
        if Self.differences[vector.id] != nil {
            try #require(vector.string("strength") == "policy", "only policy cases may differ")
            #expect(isAccepted != (expected == "accept"), "the case agrees: take it off the table")
        } else {
            #expect(isAccepted == (expected == "accept"), "code: \(code?.rawValue ?? "none")")
        }
    }

    private static func document(of vector: VectorCase) throws -> [UInt8] {
        if let raw = vector["jwks_raw"]?.string { return Array(raw.utf8) }
        return try vector.jsonBytes("jwks")
    }

    private static func policy(of vector: VectorCase) throws -> VerificationPolicy {
        let options = try #require(vector["options"]?.object)
        try #require(Set(options.keys).isSubset(of: knownOptions), "an option that this test does not know")
        let audiences: [String] =
            options["audience"]?.string.map { [$0] } ?? options["audience"]?.array?.compactMap(\.string) ?? []
        let types = options["require_typ"]?.string.map { AllowedTypes.only([$0]) } ?? .any
        return try VerificationPolicy(
            anyIssuerOr: options["issuer"]?.string, audiences: Set(audiences),
            leeway: .seconds(try #require(options["leeway"]?.integer)), allowedTypes: types,
            requiredClaims: Set(try #require(options["require"]?.array).compactMap(\.string)))
    }
}
