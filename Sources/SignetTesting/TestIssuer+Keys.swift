import JOSE
import RSASigning
import RSAVerification
import SharedState
public import SignetVerifier

extension TestIssuer {
    /// Publishes a new key that signs from now on; the former ones stay published.
    ///
    /// - Returns: The new key's `kid`.
    @discardableResult
    public func rotateKey() throws -> String {
        let key = try RSAPrivateKey.generate()
        return state.withLock { state in
            state.keyCount += 1
            let id = "test-key-\(state.keyCount)"
            state.keys.append(SigningKey(id: id, key: key))
            state.keySet = Self.keySet(state.keys)
            return id
        }
    }

    /// Stops publishing a key, as after a leak. The key that signs cannot be withdrawn before ``rotateKey()``.
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
