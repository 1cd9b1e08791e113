import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("A key set")
struct KeySetTests {
    @Test func `compares key IDs byte by byte`() throws {
        let issuer = try Sample.issuer.get()
        let keys = try KeySet(jwks: issuer.jwks)
        #expect(keys.keyIDs == [issuer.keyID])
        #expect(keys.contains(issuer.keyID))
        #expect(!keys.contains(issuer.keyID.uppercased()))
        #expect(!keys.isEmpty)
        #expect(KeySet.empty.isEmpty)
    }

    @Test func `refuses a document that is too large, malformed, or has too many keys`() {
        let many = #"{"keys":["# + Array(repeating: "{}", count: 65).joined(separator: ",") + "]}"
        for document in [Array("{".utf8), Array(many.utf8), [UInt8](repeating: 0x20, count: 262_145)] {
            #expect(throws: ConfigurationError(.unusableKeys, "")) { try KeySet(jwks: document) }
        }
    }

    @Test func `without a usable key is refused by a static source`() async throws {
        #expect(throws: ConfigurationError(.unusableKeys, "")) {
            try StaticKeySource(jwks: Array(#"{"keys":[]}"#.utf8))
        }
        let issuer = try Sample.issuer.get()
        let source = try StaticKeySource(jwks: issuer.jwks)
        #expect(source.keysAtHand()?.count == 1)
        #expect(try await source.keys(for: "unknown").count == 1)
        let verifier = Verifier(policy: try issuer.policy(), keys: source, now: { Sample.now })
        await #expect(throws: VerificationError(.unknownKey, "")) {
            try await verifier.verify(issuer.token(fault: .unknownKey))
        }
    }
}
