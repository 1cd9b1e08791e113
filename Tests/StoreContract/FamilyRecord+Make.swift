package import SignetStore

extension FamilyRecord {
    /// A family that was never rotated, whose end is `idleExpiresAt`.
    package static func make(
        id: FamilyID = .random(), userID: UserID = .random(), clientID: ClientID? = nil, scope: String = "",
        createdAt: Timestamp = Timestamp(seconds: 1_000), expiresAt: Timestamp = Timestamp(seconds: 9_000),
        generation: UInt32 = 0, parent: UInt32? = nil, idleExpiresAt: Timestamp = Timestamp(seconds: 2_000),
        revokedAt: Timestamp? = nil, revocationReason: RevocationReason? = nil, statusListEntry: StatusListEntry? = nil,
        device: String = "Firefox on Linux"
    ) -> FamilyRecord {
        FamilyRecord(
            id: id, userID: userID, clientID: clientID, scope: scope, salt: Array(1...16), authenticatedAt: createdAt,
            createdAt: createdAt, expiresAt: expiresAt, generation: generation, secretID: 1, parent: parent,
            rotatedAt: createdAt, idleExpiresAt: idleExpiresAt, revokedAt: revokedAt,
            revocationReason: revocationReason, statusListEntry: statusListEntry, device: device,
            createdAddress: "192.0.2.1",
            lastUsedAddress: "192.0.2.1")
    }

    /// The family one rotation later, its idle end moved to `idleExpiresAt`.
    package func rotated(idleExpiresAt: Timestamp) -> FamilyRecord {
        var family = self
        family.parent = generation
        family.generation += 1
        family.idleExpiresAt = idleExpiresAt
        return family
    }

    /// The family, revoked at `time`.
    package func revoked(at time: Timestamp) -> FamilyRecord {
        var family = self
        family.revokedAt = time
        family.revocationReason = .logout
        return family
    }
}
