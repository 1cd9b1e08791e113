import JOSE
package import SignetStore

/// A signing key in `keyring.json`. Its state follows from these times alone.
package struct KeyRecord: Sendable, Hashable {
    /// The RFC 7638 thumbprint of the public key in base64url; `kid` in tokens and JWKs.
    package let keyID: String
    /// The public modulus, most significant byte first.
    package let modulus: [UInt8]
    /// The public exponent, most significant byte first.
    package let exponent: [UInt8]
    /// The time from which the key is in the keyring, and so published.
    package let createdAt: Timestamp
    /// The time from which the key signs; `nil` until it is scheduled.
    package var activatesAt: Timestamp?
    /// The time from which the key no longer signs; `nil` until its successor is scheduled.
    package var retiresAt: Timestamp?
    /// The time from which the key is no longer published; `nil` until its successor is scheduled.
    package var removedAt: Timestamp?
    /// Whether the private half exists. It is deleted when the key retires.
    package var hasPrivateHalf: Bool

    package init(
        keyID: String, modulus: [UInt8], exponent: [UInt8], createdAt: Timestamp, activatesAt: Timestamp?,
        retiresAt: Timestamp? = nil, removedAt: Timestamp? = nil, hasPrivateHalf: Bool = true
    ) {
        self.keyID = keyID
        self.modulus = modulus
        self.exponent = exponent
        self.createdAt = createdAt
        self.activatesAt = activatesAt
        self.retiresAt = retiresAt
        self.removedAt = removedAt
        self.hasPrivateHalf = hasPrivateHalf
    }

    /// The state at `now`. A state begins exactly at its time.
    package func state(at now: Timestamp) -> KeyState {
        if let removedAt, now >= removedAt { return .gone }
        if let retiresAt, now >= retiresAt { return .retired }
        guard let activatesAt, now >= activatesAt else { return .next }
        return .active
    }

    /// Whether the key is active and has its private half.
    func canSign(at now: Timestamp) -> Bool { hasPrivateHalf && state(at: now) == .active }

    /// Whether the private half is still needed at `now`: the key signs, or will.
    func needsPrivateHalf(at now: Timestamp) -> Bool {
        hasPrivateHalf && [.next, .active].contains(state(at: now))
    }

    var jwk: RSAJWK { RSAJWK(modulus: modulus, exponent: exponent, keyID: keyID) }
}

/// The stage in the life of a signing key or refresh token HMAC key.
package enum KeyState: String, Sendable, CaseIterable {
    /// Published but not signing, so that every verifier has the key before it signs.
    case next
    /// Published, and signing unless a newer key is active too.
    case active
    /// Published until the last token that the key signed has expired. The private half is deleted.
    case retired
    /// No longer published.
    case gone
}

/// A key that was removed at once because it may have leaked. It can never be added again.
struct KeyRevocation: Sendable, Hashable {
    let keyID: String
    let revokedAt: Timestamp
}

/// A refresh token HMAC key in `keyring.json`. The key itself is in a file of its own.
struct RefreshSecretRecord: Sendable, Hashable {
    /// The secret id in the refresh tokens made with it.
    let id: UInt8
    /// Identifies the HMAC key without revealing it; see ``RefreshSecretFile/fingerprint``.
    let fingerprint: [UInt8]
    let createdAt: Timestamp
    /// The time from which new refresh tokens are made with it. All nodes have it by then.
    let activatesAt: Timestamp
    /// The time from which no session can hold a token made with it; `nil` for the newest one.
    var removedAt: Timestamp?

    init(
        id: UInt8, fingerprint: [UInt8], createdAt: Timestamp, activatesAt: Timestamp? = nil,
        removedAt: Timestamp? = nil
    ) {
        self.id = id
        self.fingerprint = fingerprint
        self.createdAt = createdAt
        self.activatesAt = activatesAt ?? createdAt
        self.removedAt = removedAt
    }
}
