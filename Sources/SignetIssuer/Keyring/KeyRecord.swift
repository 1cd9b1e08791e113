import JOSE
package import SignetStore

/// What `keyring.json` says about one signing key. Its state follows from these times alone.
package struct KeyRecord: Sendable, Hashable {
    /// RFC 7638 thumbprint of the public key, in base64url.
    package let kid: String
    /// Public modulus, most significant byte first.
    package let modulus: [UInt8]
    /// Public exponent, most significant byte first.
    package let exponent: [UInt8]
    package let createdAt: Timestamp
    /// From when on the key signs.
    package let activatesAt: Timestamp
    /// From when on it does not sign any more; `nil` until that is decided.
    package let retiresAt: Timestamp?
    /// From when on it is not published any more; `nil` until that is decided.
    package let removedAt: Timestamp?

    package init(
        kid: String, modulus: [UInt8], exponent: [UInt8], createdAt: Timestamp, activatesAt: Timestamp,
        retiresAt: Timestamp? = nil, removedAt: Timestamp? = nil
    ) {
        self.kid = kid
        self.modulus = modulus
        self.exponent = exponent
        self.createdAt = createdAt
        self.activatesAt = activatesAt
        self.retiresAt = retiresAt
        self.removedAt = removedAt
    }

    /// The state at `now`. Each time belongs to the state that it begins.
    package func state(at now: Timestamp) -> KeyState {
        if let removedAt, now >= removedAt { return .gone }
        if let retiresAt, now >= retiresAt { return .retired }
        return now < activatesAt ? .next : .active
    }

    var jwk: RSAJWK { RSAJWK(modulus: modulus, exponent: exponent, keyID: kid) }
}
