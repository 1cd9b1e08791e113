package import SignetStore

/// A session as its user and operators see it: everything that descends from one login.
package struct Session: Sendable, Hashable {
    package enum State: String, Sendable {
        case alive
        /// The session reached its idle or absolute lifetime.
        case expired
        case revoked
    }

    /// The `sid` claim of the session's access tokens.
    package let id: FamilyID
    package let userID: UserID
    /// The device name that the app sent, else the User-Agent; empty if the login carried neither.
    package let device: String
    package let createdAt: Timestamp
    package let createdAddress: String
    /// The time of the last refresh, or of the login.
    package let lastUsedAt: Timestamp
    package let lastUsedAddress: String
    /// When the session expires if it is not refreshed again.
    package let expiresAt: Timestamp
    /// `nil` for a session that was not revoked.
    package let revokedAt: Timestamp?
    /// How often the refresh token was replaced.
    package let generation: UInt32

    /// - Parameter family: with its user's session cutoff applied; see ``FamilyRecord/applyingCutoff(of:)``.
    init(_ family: FamilyRecord) {
        id = family.id
        userID = family.userID
        device = family.device
        createdAt = family.createdAt
        createdAddress = family.createdAddress
        lastUsedAt = family.rotatedAt
        lastUsedAddress = family.lastUsedAddress
        expiresAt = family.removableAt
        revokedAt = family.revokedAt
        generation = family.generation
    }

    package func state(at now: Timestamp) -> State {
        if revokedAt != nil { return .revoked }
        return now < expiresAt ? .alive : .expired
    }
}
