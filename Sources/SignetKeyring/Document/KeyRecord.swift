import JOSE
package import SignetStore

/// A signing key as `keyring.json` stores it. The times in the record determine the state of the key (``KeyState``).
package struct KeyRecord: Sendable, Hashable {
    /// The RFC 7638 thumbprint of the public key in base64url; `kid` in tokens and JWKs.
    package let keyID: String
    /// The public modulus, most significant byte first.
    package let modulus: [UInt8]
    /// The public exponent, most significant byte first.
    package let exponent: [UInt8]
    /// The time at which the key was added to the keyring. The key is published from then on.
    package let createdAt: Timestamp
    /// The time from which the key signs; `nil` if no time is set yet.
    package var activatesAt: Timestamp?
    /// The time from which the key no longer signs; `nil` until the key that replaces it has an activation time.
    package var retiresAt: Timestamp?
    /// The time from which the key is no longer published; `nil` as long as ``retiresAt`` is `nil`.
    package var removedAt: Timestamp?
    /// Whether the file with the private half exists. Signet deletes the file when the key retires.
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

    /// The state of the key at `now`. Each state begins exactly at its time: at ``activatesAt``, the key is already
    /// active.
    package func state(at now: Timestamp) -> KeyState {
        if let removedAt, now >= removedAt { return .gone }
        if let retiresAt, now >= retiresAt { return .retired }
        guard let activatesAt, now >= activatesAt else { return .next }
        return .active
    }

    /// Whether the key is active and has its private half.
    func canSign(at now: Timestamp) -> Bool { hasPrivateHalf && state(at: now) == .active }

    /// Whether the private half is still needed at `now`, because the key signs or will sign.
    func needsPrivateHalf(at now: Timestamp) -> Bool {
        hasPrivateHalf && [.next, .active].contains(state(at: now))
    }

    var jwk: RSAJWK { RSAJWK(modulus: modulus, exponent: exponent, keyID: keyID) }
}

/// The state of a signing key. Lists of refresh token HMAC keys use the same states.
package enum KeyState: String, Sendable, CaseIterable {
    /// The key is published, so that verifiers can fetch it, but it does not sign yet.
    case next
    /// The key is published and may sign. If several keys are active, only the one that was activated last signs.
    case active
    /// The key no longer signs. It stays published until the last token that it signed has expired.
    case retired
    /// The key is no longer published.
    case gone
}

/// The record of a revoked signing key. A key with such a record cannot be imported again.
struct KeyRevocation: Sendable, Hashable {
    let keyID: String
    let revokedAt: Timestamp
}

/// A refresh token HMAC key in `keyring.json`. A separate file holds the secret bytes.
struct RefreshSecretRecord: Sendable, Hashable {
    /// The id of the HMAC key. Refresh tokens made with the key contain the id.
    let id: UInt8
    /// Identifies the HMAC key without revealing it; see ``RefreshSecretFile/fingerprint``.
    let fingerprint: [UInt8]
    let createdAt: Timestamp
    /// The time from which new refresh tokens are made with the HMAC key. By then every process that shares the keyring
    /// has read the key.
    let activatesAt: Timestamp
    /// The time from which the HMAC key may be removed, because every session with a refresh token made with it has
    /// ended; `nil` for the newest HMAC key.
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
