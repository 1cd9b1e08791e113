// The module SignetTesting has an issuer for tests. Production code must not link it.

import HTTPFetching
import JOSE
import RSASigning
import RSAVerification
import SharedState
public import SignetVerifier

/// An issuer for the tests of a service. It mints tokens with any claim and any fault, and serves its public keys in
/// process, without a socket.
///
/// Pass the test issuer to a `Verifier` as its `KeySource`. Or pass it as the `HTTPFetcher` of a `RemoteKeySource`, an
/// `IntrospectionClient`, or a `UserSession` of `SignetClient`; it then answers the requests to the issuer's URLs. Each
/// test issuer generates its own keys.
public final class TestIssuer: Sendable {
    struct SigningKey: Sendable {
        let id: String
        let key: RSAPrivateKey
    }

    struct State: Sendable {
        /// The published keys, oldest first. The last key signs new tokens.
        var keys: [SigningKey]
        var keySet: KeySet
        var keyCount = 1
        var isReachable = true
        var requests: [HTTPFetchRequest] = []
        var revokedStatuses: Set<Int> = []
        var users: [TestUser] = []
        /// The audiences and scopes that a login may request besides the issuer's ``TestIssuer/audience`` and `account`.
        var loginAudiences: Set<String> = []
        var loginScopes: Set<String> = []
        var clients: [TestClient] = []
        /// The open sessions by `sid`.
        var sessions: [String: TestSession] = [:]
        /// The `sid` of every session that has ended.
        var endedSessions: Set<String> = []
        var sessionCount = 0
        /// The number of coming requests whose answers get dropped: see ``TestIssuer/loseAnswers(_:)``.
        var answersToLose = 0
    }

    /// The issuer identifier: the `iss` claim of the tokens, and the start of the URLs of the metadata and the keys.
    public let issuer: String

    /// The `aud` claim of the tokens.
    public let audience: String

    /// The wall clock for minting tokens and for ``verifier(requiredScopes:)``.
    public let now: @Sendable () -> NumericDate

    let state: Guarded<State>
    private let keyName: String

    /// Creates an issuer with a new 2048-bit key. Generating the key takes some tenths of a second.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier.
    ///   - audience: The service that the tokens are for.
    ///   - keyName: The start of every `kid`, which ends in `-1`, `-2` and so on. If `nil`, the start is the issuer
    ///     identifier without `https://`, followed by `-key`, so that two issuers have different `kid`s.
    ///   - now: The wall clock.
    /// - Throws: `ConfigurationError` with `empty` for an empty issuer or audience.
    public init(
        issuer: String = "https://issuer.test", audience: String = "https://service.test", keyName: String? = nil,
        now: @escaping @Sendable () -> NumericDate = { .now }
    ) throws {
        guard !issuer.isEmpty, !audience.isEmpty else {
            throw ConfigurationError(.empty, "a test issuer needs a name and an audience")
        }
        self.issuer = issuer
        self.audience = audience
        self.now = now
        let scheme = issuer.hasPrefix("https://") ? "https://" : ""
        self.keyName = keyName ?? "\(issuer.dropFirst(scheme.count))-key"
        let key = SigningKey(id: "\(self.keyName)-1", key: try RSAPrivateKey.generate())
        state = Guarded(State(keys: [key], keySet: Self.keySet([key])))
    }

    /// A policy that accepts this issuer's tokens. Its other settings are the defaults of `VerificationPolicy`.
    public func policy(requiredScopes: Set<String> = []) throws -> VerificationPolicy {
        try VerificationPolicy(issuer: issuer, audiences: [audience], requiredScopes: requiredScopes)
    }

    /// A verifier with ``policy(requiredScopes:)``. It uses this issuer's current keys for every token, so it sees a
    /// key change at once.
    public func verifier(requiredScopes: Set<String> = []) throws -> Verifier {
        Verifier(policy: try policy(requiredScopes: requiredScopes), keys: self, now: now)
    }

    /// The `kid` of the current signing key.
    public var keyID: String { state.withLock { $0.keys.last?.id ?? "" } }

    static func keySet(_ keys: [SigningKey]) -> KeySet {
        KeySet(keys.map { (keyID: $0.id, publicKey: $0.key.publicKey) })
    }
}

extension TestIssuer {
    /// Publishes a new key, which signs all new tokens. The older keys stay published.
    ///
    /// - Returns: The new key's `kid`.
    @discardableResult
    public func rotateKey() throws -> String {
        let key = try RSAPrivateKey.generate()
        return state.withLock { state in
            state.keyCount += 1
            let id = "\(keyName)-\(state.keyCount)"
            state.keys.append(SigningKey(id: id, key: key))
            state.keySet = Self.keySet(state.keys)
            return id
        }
    }

    /// Stops publishing the key with this `kid`, as an issuer does after a leak.
    ///
    /// Does nothing if `keyID` is the current signing key. To withdraw the signing key, first call ``rotateKey()``,
    /// which makes another key sign.
    public func withdrawKey(_ keyID: String) {
        state.withLock { state in
            guard state.keys.last?.id != keyID else { return }
            state.keys.removeAll { $0.id == keyID }
            state.keySet = Self.keySet(state.keys)
        }
    }

    /// The published keys as a JWKS document.
    public var jwks: [UInt8] {
        let keys = state.withLock { $0.keys }
        return JWKSet(
            keys: keys.map {
                RSAJWK(modulus: $0.key.publicKey.modulus, exponent: $0.key.publicKey.exponent, keyID: $0.id)
            }
        ).json.serialized()
    }
}

extension TestIssuer: KeySource {
    public func keysAtHand() -> KeySet? {
        state.withLock { $0.isReachable ? $0.keySet : nil }
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet {
        guard let keys = keysAtHand() else {
            throw VerificationError(.keysUnavailable, "the test issuer is not reachable")
        }
        return keys
    }
}

extension TestIssuer: CustomReflectable {
    /// The description for a debugger or `dump`: the issuer, the audience and the `kid` of every published key, but no
    /// private key.
    public var customMirror: Mirror {
        let keyIDs = state.withLock { $0.keys.map(\.id) }
        return Mirror(
            self, children: ["issuer": issuer, "audience": audience, "keyIDs": keyIDs], displayStyle: .class)
    }
}
