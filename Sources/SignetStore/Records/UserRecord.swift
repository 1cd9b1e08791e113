/// One account.
package struct UserRecord: Sendable, Hashable {
    package let id: UserID
    /// Normalised: trimmed and lower-cased; unique. At most 254 bytes.
    package var email: String
    /// Display name, at most 100 characters.
    package var name: String
    /// PHC string of the password's hash.
    package var passwordHash: String
    /// Values of the `roles` claim; empty when the user has none.
    package var roles: [String]
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Since when the user may not log in, refresh or introspect as active; `nil` for a user in good standing.
    package var disabledAt: Timestamp?
    /// When the newest session began; `nil` for none so far, or none since the store knows.
    package var lastLoginAt: Timestamp?
    /// The last time that all sessions were ended at once; `nil` for never. See ``FamilyRecord/under(_:)``.
    package var sessionCutoff: SessionCutoff?

    package init(
        id: UserID, email: String, name: String, passwordHash: String, roles: [String] = [], createdAt: Timestamp,
        updatedAt: Timestamp, disabledAt: Timestamp? = nil, lastLoginAt: Timestamp? = nil,
        sessionCutoff: SessionCutoff? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.passwordHash = passwordHash
        self.roles = roles
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.disabledAt = disabledAt
        self.lastLoginAt = lastLoginAt
        self.sessionCutoff = sessionCutoff
    }
}
