import SignetStore

extension FamilyRecord {
    /// The family that a login of the first-party API begins.
    /// - Parameter createdAt: `now` unless given: later where the user's last cutoff was made by a faster clock; nothing else goes by
    ///   that clock.
    static func beginning(
        of user: UserID, at now: Timestamp, createdAt: Timestamp? = nil, from source: RequestSource, secretID: UInt8,
        configuration: IssuerConfiguration
    ) -> FamilyRecord {
        let expiresAt = now + configuration.sessionLifetime
        return FamilyRecord(
            id: .random(), userID: user, clientID: nil, scope: FirstParty.scope, salt: SecureRandom.bytes(16),
            authenticatedAt: now, createdAt: createdAt ?? now, expiresAt: expiresAt, generation: 0, secretID: secretID,
            parent: nil,
            rotatedAt: now, idleExpiresAt: min(now + configuration.refreshTokenIdleLifetime, expiresAt),
            device: source.device, createdAddress: source.address, lastUsedAddress: source.address)
    }

    /// The same family, revoked.
    func revoked(at now: Timestamp, because reason: RevocationReason) -> FamilyRecord {
        var family = self
        family.revokedAt = now
        family.revocationReason = reason
        return family
    }
}
