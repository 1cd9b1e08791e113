import SignetKeyring
import SignetStore

extension FamilyRecord {
    /// Makes the record of a new family (all refresh tokens of one login) for a login through the issuer's own `/api`.
    /// - Parameters:
    ///   - id: the id of the family, drawn at random.
    ///   - salt: ``FamilyRecord/salt``, drawn at random.
    ///   - createdAt: the creation time; `nil` means `now`. All sessions that were created until the user's session
    ///     cutoff count as ended. If a node with a fast clock set a cutoff after `now`, pass a time after the cutoff.
    ///   - scope: the scope that the login granted.
    ///   - audiences: the audiences that the login granted; empty for the issuer's own audience alone.
    ///   - sessionLifetime: time until the family ends, even if it is refreshed.
    static func atLogin(
        id: FamilyID = .random(), salt: [UInt8] = SecureRandom.bytes(16), of user: UserID, at now: Timestamp,
        createdAt: Timestamp? = nil, scope: String = FirstParty.scope, audiences: [String] = [],
        from source: RequestSource, policy: RotationPolicy, sessionLifetime: Duration
    ) -> FamilyRecord {
        let expiresAt = now + sessionLifetime
        return FamilyRecord(
            id: id, userID: user, clientID: nil, scope: scope, audiences: audiences, salt: salt,
            authenticatedAt: now, createdAt: createdAt ?? now, expiresAt: expiresAt, generation: 0,
            secretID: policy.secretID, parent: nil, rotatedAt: now,
            idleExpiresAt: min(now + policy.idleLifetime, expiresAt), device: source.device,
            createdAddress: source.address, lastUsedAddress: source.address)
    }

    /// Returns a copy of the record that is marked as revoked at `now`.
    func revoked(at now: Timestamp, because reason: RevocationReason) -> FamilyRecord {
        var family = self
        family.revokedAt = now
        family.revocationReason = reason
        return family
    }
}
