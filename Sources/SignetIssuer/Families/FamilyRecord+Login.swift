import SignetKeyring
import SignetStore

extension FamilyRecord {
    /// Makes the record of a new first-party family, at generation 0.
    /// - Parameters:
    ///   - createdAt: the creation time; `nil` means `now`. If a node with a fast clock wrote the user's last session
    ///     cutoff, this time must be after the cutoff. Otherwise the cutoff would end the new family.
    ///   - sessionLifetime: time until the family ends, even if it is refreshed.
    static func atLogin(
        of user: UserID, at now: Timestamp, createdAt: Timestamp? = nil, from source: RequestSource,
        policy: RotationPolicy, sessionLifetime: Duration
    ) -> FamilyRecord {
        let expiresAt = now + sessionLifetime
        return FamilyRecord(
            id: .random(), userID: user, clientID: nil, scope: FirstParty.scope, salt: SecureRandom.bytes(16),
            authenticatedAt: now, createdAt: createdAt ?? now, expiresAt: expiresAt, generation: 0,
            secretID: policy.secretID, parent: nil, rotatedAt: now,
            idleExpiresAt: min(now + policy.idleLifetime, expiresAt), device: source.device,
            createdAddress: source.address, lastUsedAddress: source.address)
    }

    /// Returns a copy of the family that is revoked.
    func revoked(at now: Timestamp, because reason: RevocationReason) -> FamilyRecord {
        var family = self
        family.revokedAt = now
        family.revocationReason = reason
        return family
    }
}
