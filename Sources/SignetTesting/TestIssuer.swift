import HTTPFetching
import JOSE
import RSASigning
import RSAVerification
import SharedState
public import SignetVerifier

/// An issuer for the tests of a service: it has throwaway keys, mints tokens with any claim and any fault, and serves its
/// keys in process, without a socket.
///
/// It can be given to a `Verifier` directly as a `KeySource`, or to a `RemoteKeySource` as the `HTTPFetcher` that
/// answers for the issuer's URLs.
public final class TestIssuer: Sendable {
    struct SigningKey: Sendable {
        let id: String
        let key: RSAPrivateKey
    }

    struct State: Sendable {
        /// Published keys in order; the last one signs.
        var keys: [SigningKey]
        var keySet: KeySet
        var keyCount = 1
        var isReachable = true
        var requests: [HTTPFetchRequest] = []
        var revokedStatuses: Set<Int> = []
    }

    /// `iss` of the tokens; also where the metadata is served.
    public let issuer: String

    /// `aud` of the tokens.
    public let audience: String

    /// The wall clock by which tokens are minted and ``verifier(requiredScopes:)`` checks.
    public let now: @Sendable () -> NumericDate

    let state: Guarded<State>

    /// An issuer with one new 2048-bit key, which takes some tenths of a second to find.
    ///
    /// - Throws: `ConfigurationError` for an empty issuer or audience.
    public init(
        issuer: String = "https://issuer.test", audience: String = "https://service.test",
        now: @escaping @Sendable () -> NumericDate = { .now }
    ) throws {
        guard !issuer.isEmpty, !audience.isEmpty else {
            throw ConfigurationError(.empty, "a test issuer needs a name and an audience")
        }
        self.issuer = issuer
        self.audience = audience
        self.now = now
        let key = SigningKey(id: "test-key-1", key: try RSAPrivateKey.generate())
        state = Guarded(State(keys: [key], keySet: Self.keySet([key])))
    }

    /// The policy that accepts this issuer's tokens, with the defaults of `VerificationPolicy`.
    public func policy(requiredScopes: Set<String> = []) throws -> VerificationPolicy {
        try VerificationPolicy(issuer: issuer, audiences: [audience], requiredScopes: requiredScopes)
    }

    /// A verifier that accepts this issuer's tokens and sees every change of its keys at once.
    public func verifier(requiredScopes: Set<String> = []) throws -> Verifier {
        Verifier(policy: try policy(requiredScopes: requiredScopes), keys: self, now: now)
    }

    /// The `kid` of the key that signs now.
    public var keyID: String { state.withLock { $0.keys.last?.id ?? "" } }

    static func keySet(_ keys: [SigningKey]) -> KeySet {
        KeySet(keys.map { (keyID: $0.id, publicKey: $0.key.publicKey) })
    }
}
