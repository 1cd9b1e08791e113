/// The record of one session: all refresh tokens that descend from one login. It holds rotation counters instead of the
/// tokens, so its size does not grow with each refresh.
package struct FamilyRecord: Sendable, Hashable {
    package let id: FamilyID
    package let userID: UserID
    /// The client that got the session's tokens; `nil` if the user logged in through the issuer's own `/api`.
    package let clientID: ClientID?
    /// The scope granted at login, values separated by spaces; empty if none was granted.
    package let scope: String
    /// The audiences granted at login, for the `aud` claim of access tokens. An empty list means the issuer's own
    /// audience, also after an operator has changed its name.
    package internal(set) var audiences: [String]
    /// 16 random bytes of this family that enter the HMAC tag of each of its refresh tokens. A thief of the HMAC key
    /// alone cannot forge a refresh token, because the thief lacks the salt.
    package let salt: [UInt8]
    /// When the user entered the password: the `auth_time` claim.
    package let authenticatedAt: Timestamp
    package let createdAt: Timestamp
    /// When the session ends at the latest. A refresh does not extend this time.
    package let expiresAt: Timestamp

    /// The rotation counter of the current refresh token; 0 for the refresh token that was issued at login.
    package var generation: UInt32
    /// The id of the HMAC key that made the tag of the current refresh token.
    package var secretID: UInt8
    /// The generation (rotation counter) of the previous refresh token; `nil` before the first rotation.
    package var parent: UInt32?
    /// The start of the reuse window, in which a client may repeat a refresh. Login and each rotation set it to the
    /// current time. So does a repeated refresh, but not in the first third of the window, to save a write.
    package var rotatedAt: Timestamp
    /// When the session ends unless its tokens are refreshed before this time. Each rotation extends it.
    package var idleExpiresAt: Timestamp
    /// When the session was revoked; `nil` if it was not revoked.
    package var revokedAt: Timestamp?
    package var revocationReason: RevocationReason?
    /// The session's entry in a status list; `nil` if status lists were off at login and at every rotation since then.
    package var statusListEntry: StatusListEntry?

    /// A device name or User-Agent by which the user recognises the session, at most 200 bytes.
    package let device: String
    /// The client's network address at login, at most 64 bytes.
    package let createdAddress: String
    /// The client's network address when ``rotatedAt`` was set, at most 64 bytes.
    package var lastUsedAddress: String

    package init(
        id: FamilyID, userID: UserID, clientID: ClientID?, scope: String, audiences: [String] = [], salt: [UInt8],
        authenticatedAt: Timestamp, createdAt: Timestamp, expiresAt: Timestamp, generation: UInt32, secretID: UInt8,
        parent: UInt32?,
        rotatedAt: Timestamp, idleExpiresAt: Timestamp, revokedAt: Timestamp? = nil,
        revocationReason: RevocationReason? = nil, statusListEntry: StatusListEntry? = nil, device: String,
        createdAddress: String, lastUsedAddress: String
    ) {
        self.id = id
        self.userID = userID
        self.clientID = clientID
        self.scope = scope
        self.audiences = audiences
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

    /// The reason of a revocation. The store keeps the raw values, so a raw value must never change.
    package enum RevocationReason: UInt8, Sendable, CaseIterable {
        case logout = 1
        case reuse = 2
        case administrator = 3
        case clientRequest = 4
        case passwordChange = 5
    }

    /// When the family expires. From this time on, a sweep (the clean-up of expired records) may remove the record.
    ///
    /// The record of a revoked family is kept until the same time, so that its tokens are reported as revoked and not
    /// as unknown.
    package var removableAt: Timestamp { min(expiresAt, idleExpiresAt) }

    /// Returns `true` if the family is neither revoked nor expired at `now`. The issuer refuses every refresh token of
    /// a family for which this is `false`.
    package func isAlive(at now: Timestamp) -> Bool {
        revokedAt == nil && now < expiresAt && now < idleExpiresAt
    }
}

package typealias FamilyID = RecordID<FamilyRecord>
