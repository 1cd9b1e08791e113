package import SignetStore

/// A living session as its user sees it.
package struct Session: Sendable, Hashable {
    /// The `sid` claim of its access tokens.
    package let id: FamilyID
    /// The name that the app gave, or the User-Agent; empty for neither.
    package let device: String
    package let createdAt: Timestamp
    package let createdAddress: String
    /// When its refresh token was last exchanged, or the login.
    package let lastUsedAt: Timestamp
    package let lastUsedAddress: String
    /// When it ends unless it is used before.
    package let expiresAt: Timestamp
    /// Whether it is the one that asks.
    package let isCurrent: Bool

    init(_ family: FamilyRecord, current: FamilyID) {
        id = family.id
        device = family.device
        createdAt = family.createdAt
        createdAddress = family.createdAddress
        lastUsedAt = family.rotatedAt
        lastUsedAddress = family.lastUsedAddress
        expiresAt = min(family.expiresAt, family.idleExpiresAt)
        isCurrent = family.id == current
    }
}
