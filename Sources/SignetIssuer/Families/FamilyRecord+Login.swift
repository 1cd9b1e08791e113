import SignetKeyring
import SignetStore

extension FamilyRecord {
    /// A new family of the first-party API, at generation 0.
    /// - Parameters:
    ///   - createdAt: the time that the user's last cutoff is compared with; `nil` for `now`. A login after a cutoff that a
    ///     faster clock wrote needs a later time, or the cutoff would end the new family.
    ///   - sessionLifetime: time until the family ends, however often its token is refreshed.
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

    /// The same family, revoked.
    func revoked(at now: Timestamp, because reason: RevocationReason) -> FamilyRecord {
        var family = self
        family.revokedAt = now
        family.revocationReason = reason
        return family
    }
}
