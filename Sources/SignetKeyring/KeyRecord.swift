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
    /// From when on it is in the keyring, and so published.
    package let createdAt: Timestamp
    /// From when on the key signs; `nil` until that is decided.
    package var activatesAt: Timestamp?
    /// From when on it does not sign any more; `nil` until that is decided.
    package var retiresAt: Timestamp?
    /// From when on it is not published any more; `nil` until that is decided.
    package var removedAt: Timestamp?
    /// Whether the private half is still there: it is deleted when the key retires.
    package var hasPrivateHalf: Bool

    package init(
        kid: String, modulus: [UInt8], exponent: [UInt8], createdAt: Timestamp, activatesAt: Timestamp?,
        retiresAt: Timestamp? = nil, removedAt: Timestamp? = nil, hasPrivateHalf: Bool = true
    ) {
        self.kid = kid
        self.modulus = modulus
        self.exponent = exponent
        self.createdAt = createdAt
        self.activatesAt = activatesAt
        self.retiresAt = retiresAt
        self.removedAt = removedAt
        self.hasPrivateHalf = hasPrivateHalf
    }

    /// The state at `now`. Each time belongs to the state that it begins.
    package func state(at now: Timestamp) -> KeyState {
        if let removedAt, now >= removedAt { return .gone }
        if let retiresAt, now >= retiresAt { return .retired }
        guard let activatesAt, now >= activatesAt else { return .next }
        return .active
    }

    /// Whether it may sign at `now`, as far as this record goes.
    func maySign(at now: Timestamp) -> Bool { hasPrivateHalf && state(at: now) == .active }

    var jwk: RSAJWK { RSAJWK(modulus: modulus, exponent: exponent, keyID: kid) }
}
