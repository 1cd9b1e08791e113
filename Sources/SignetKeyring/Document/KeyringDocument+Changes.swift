import SignetStore

extension KeyringDocument {
    /// Changes the document as a step of a ``KeyPlan`` says.
    mutating func apply(_ step: KeyPlan.Step, at now: Timestamp) {
        switch step {
        case .schedule(let keyID, let activatesAt): schedule(keyID, at: activatesAt, now: now)
        case .deletePrivateHalf(let keyID):
            for index in keys.indices where keys[index].keyID == keyID { keys[index].hasPrivateHalf = false }
        case .remove(let keyID): keys.removeAll { $0.keyID == keyID }
        case .removeSecret(let id): refreshSecrets.removeAll { $0.id == id }
        }
    }

    /// Adds a key. If the key has an activation time, also sets the retirement time of the key that it replaces.
    mutating func add(_ key: KeyRecord, at now: Timestamp) {
        keys.append(key)
        updateRetirements(at: now)
    }

    /// Sets the time from which a key signs, and the retirement time of the key that it replaces.
    mutating func schedule(_ keyID: String, at activation: Timestamp, now: Timestamp) {
        for index in keys.indices where keys[index].keyID == keyID { keys[index].activatesAt = activation }
        updateRetirements(at: now)
    }

    /// Replaces the key policy, and computes the retirement and removal times of the keys again, because they depend on
    /// the policy.
    mutating func setPolicy(_ policy: EffectiveKeyPolicy, at now: Timestamp) {
        self.policy = policy
        updateRetirements(at: now)
    }

    /// Sets the time at which each key retires (stops signing) and the time at which it is removed. Both times follow
    /// from the activation time of the key that replaces it.
    ///
    /// A key that has retired by `now` stays retired. Its removal time is never moved to an earlier time.
    private mutating func updateRetirements(at now: Timestamp) {
        let scheduled = keys.indices.filter { keys[$0].activatesAt != nil && keys[$0].hasPrivateHalf }
            .sorted { Self.signsBefore(keys[$0], keys[$1]) }
        for (position, index) in scheduled.enumerated() where keys[index].needsPrivateHalf(at: now) {
            let successor = scheduled.dropFirst(position + 1).first.flatMap { keys[$0].activatesAt }
            keys[index].retiresAt = successor.map { policy.retirement(ofPredecessorAt: $0) }
            keys[index].removedAt = nil
        }
        for index in keys.indices {
            guard let retiresAt = keys[index].retiresAt else { continue }
            let removal = policy.removal(ofRetiredAt: retiresAt)
            keys[index].removedAt = max(keys[index].removedAt ?? removal, removal)
        }
    }

    /// Removes a key and records in `keyring.json` that the key was revoked.
    ///
    /// If the revoked key is the signing key, the next older active key would sign again. Therefore all other active
    /// keys retire at once, and stay published until their last tokens have expired.
    /// - Returns: the IDs of the keys that retired. Their private halves are no longer needed.
    @discardableResult
    mutating func revoke(_ keyID: String, at now: Timestamp) -> [String] {
        var replaced: [String] = []
        if signingKey(at: now)?.keyID == keyID {
            for index in keys.indices where keys[index].keyID != keyID && keys[index].canSign(at: now) {
                keys[index].retiresAt = min(keys[index].retiresAt ?? now, now)
                keys[index].hasPrivateHalf = false
                replaced.append(keys[index].keyID)
            }
        }
        keys.removeAll { $0.keyID == keyID }
        revocations.append(KeyRevocation(keyID: keyID, revokedAt: now))
        revocations.removeFirst(max(0, revocations.count - Self.mostRevocations))
        updateRetirements(at: now)
        return replaced
    }

    /// Adds a refresh token HMAC key, which makes new refresh tokens from `activatesAt` on. Older HMAC keys stay as
    /// long as a session may hold a refresh token made with them.
    mutating func addSecret(id: UInt8, fingerprint: [UInt8], activatesAt: Timestamp, at now: Timestamp) {
        for index in refreshSecrets.indices where refreshSecrets[index].removedAt == nil {
            let last = activatesAt + policy.clockTolerance * 2
            refreshSecrets[index].removedAt =
                (policy.sessions.end(ofAllMadeUntil: last) + policy.clockTolerance).roundedUp
        }
        refreshSecrets.append(
            RefreshSecretRecord(id: id, fingerprint: fingerprint, createdAt: now, activatesAt: activatesAt))
    }
}
