/// One family: everything that descends from one login. Its size does not grow with its rotations.
package struct FamilyRecord: Sendable, Hashable {
    package let id: FamilyID
    package let userID: UserID
    /// The client that the family belongs to; `nil` for the issuer's own first-party API.
    package let clientID: ClientID?
    /// Space-separated scope granted at login; empty for none.
    package let scope: String
    /// 16 random bytes that enter every refresh token's tag; without them the server secret forges nothing.
    package let salt: [UInt8]
    /// When the user proved who they are: the `auth_time` claim.
    package let authenticatedAt: Timestamp
    package let createdAt: Timestamp
    /// Absolute end of life.
    package let expiresAt: Timestamp

    /// The generation whose refresh token is good now.
    package var generation: UInt32
    /// Which server secret the current generation's tag was made with.
    package var secretID: UInt8
    /// The generation that was exchanged for the current one; `nil` before the first rotation.
    package var parent: UInt32?
    /// When the current generation was handed out: login, rotation, recovery or, the last time, a late replay.
    package var rotatedAt: Timestamp
    /// End of life unless it rotates again before.
    package var idleExpiresAt: Timestamp
    /// When the whole family was revoked; `nil` while it is alive.
    package var revokedAt: Timestamp?
    package var revocationReason: RevocationReason?
    /// The family's entry in the status lists; `nil` for a family that has none.
    package var statusListEntry: StatusListEntry?

    /// What the user recognises the session by: a device name or User-Agent, at most 200 bytes.
    package let device: String
    /// Network address of the login, at most 64 bytes.
    package let createdAddress: String
    /// Network address of the last rotation, at most 64 bytes.
    package var lastUsedAddress: String

    package init(
        id: FamilyID, userID: UserID, clientID: ClientID?, scope: String, salt: [UInt8], authenticatedAt: Timestamp,
        createdAt: Timestamp, expiresAt: Timestamp, generation: UInt32, secretID: UInt8, parent: UInt32?,
        rotatedAt: Timestamp, idleExpiresAt: Timestamp, revokedAt: Timestamp? = nil,
        revocationReason: RevocationReason? = nil, statusListEntry: StatusListEntry? = nil, device: String,
        createdAddress: String,
        lastUsedAddress: String
    ) {
        self.id = id
        self.userID = userID
        self.clientID = clientID
        self.scope = scope
        self.salt = salt
        self.authenticatedAt = authenticatedAt
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.generation = generation
        self.secretID = secretID
        self.parent = parent
        self.rotatedAt = rotatedAt
        self.idleExpiresAt = idleExpiresAt
        self.revokedAt = revokedAt
        self.revocationReason = revocationReason
        self.statusListEntry = statusListEntry
        self.device = device
        self.createdAddress = createdAddress
        self.lastUsedAddress = lastUsedAddress
    }

    /// Why a family was revoked. Raw values are stored: never change one.
    package enum RevocationReason: UInt8, Sendable, CaseIterable {
        case logout = 1
        case reuse = 2
        case administrator = 3
        case clientRequest = 4
        case passwordChange = 5
    }

    /// From when on the record may be removed: no refresh token of the family can be accepted any more.
    ///
    /// A revoked family stays until then as well, so that its tokens are told from unknown ones.
    package var removableAt: Timestamp { min(expiresAt, idleExpiresAt) }

    /// Whether the family accepts its current refresh token at `now`.
    package func isAlive(at now: Timestamp) -> Bool {
        revokedAt == nil && now < expiresAt && now < idleExpiresAt
    }
}
