import HTTPFetching
import RSAVerification
import SignetTesting
import TestSupport
import Testing

@testable import SignetVerifier

/// A failed `#expect` prints its operands by reflection. So a value that crashes during reflection would end the whole
/// test run.
@Suite("Reflection of verifier types")
struct ReflectionTests {
    /// One value of every type that holds keys or a secret.
    private static func values(_ issuer: TestIssuer) async throws -> [(name: String, value: any Sendable)] {
        let keys = try KeySet(jwks: issuer.jwks)
        let key = try #require(keys.keys.first)
        let directory = TemporaryDirectory()
        try directory.write(issuer.jwks, to: "jwks.json")
        let remote = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
        _ = try await remote.keys(for: nil)
        let publicKey = try RSAPublicKey(modulus: modulus(of: key), exponent: [1, 0, 1])
        let verifier = Verifier(
            policy: try issuer.policy(), keys: StaticKeySource(keys), statuses: try issuer.statuses(),
            now: { Sample.now })
        let token = try issuer.token(statusIndex: 1)
        let verified = try await verifier.verify(token)
        return [
            ("KeySet", keys), ("VerificationKey", key), ("RSAPublicKey", publicKey),
            ("StaticKeySource", StaticKeySource(keys)),
            ("FileKeySource", try FileKeySource(path: directory.path("jwks.json"))),
            ("RemoteKeySource", remote), ("StatusListSource", try issuer.statuses()), ("Verifier", verifier),
            ("VerifiedToken", verified), ("SignatureCache", SignatureCache(capacity: 4)),
            (
                "IntrospectionClient",
                try IntrospectionClient(
                    endpoint: "https://issuer.test/introspect", clientID: "orders", clientSecret: "open-sesame",
                    fetcher: issuer)
            ),
            ("TestIssuer", issuer), ("verifier of a TestIssuer", try issuer.verifier()),
            ("optional keys", Optional(keys) as (any Sendable)), ("keys in a tuple", (keys, 1)),
        ]
    }

    private static func modulus(of key: VerificationKey) throws -> [UInt8] {
        try #require(Mirror(reflecting: key).descendant("publicKey") as? RSAPublicKey).modulus
    }

    /// Visits `value` and all its descendants by reflection. Returns the number of visited values.
    private static func walk(_ value: Any, depth: Int = 0) -> Int {
        guard depth < 20 else { return 1 }
        return Mirror(reflecting: value).children.reduce(1) { $0 + walk($1.value, depth: depth + 1) }
    }

    @Test func `can be dumped, described and walked without a crash`() async throws {
        for (name, value) in try await Self.values(try Sample.issuer.get()) {
            var text = ""
            dump(value, to: &text)
            #expect(!text.isEmpty, "\(name)")
            #expect(!String(reflecting: value).isEmpty, "\(name)")
            #expect(!String(describing: value).isEmpty, "\(name)")
            #expect(Self.walk(value) > 0, "\(name)")
        }
    }

    @Test func `shows key IDs but no contexts, locks, secrets or private keys`() async throws {
        let issuer = try Sample.issuer.get()
        for (name, value) in try await Self.values(issuer) {
            var text = ""
            dump(value, to: &text)
            for hidden in [
                "ContextPool", "VerificationContext", "UnsafeMutablePointer", "Guarded", "open-sesame", "Basic ",
            ]
            where name != "SignatureCache" {
                #expect(!text.contains(hidden), "\(name) shows \(hidden)")
            }
        }
        let keys = try KeySet(jwks: issuer.jwks)
        #expect(String(reflecting: keys).contains(issuer.keyID))
    }
}
