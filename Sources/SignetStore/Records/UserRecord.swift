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

    package init(
        id: UserID, email: String, name: String, passwordHash: String, roles: [String] = [], createdAt: Timestamp,
        updatedAt: Timestamp, disabledAt: Timestamp? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.passwordHash = passwordHash
        self.roles = roles
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.disabledAt = disabledAt
    }
}
