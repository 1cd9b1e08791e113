package import SignetStore

/// An account without its password hash, as the user and operators see it.
package struct User: Sendable, Hashable {
    package let id: UserID
    /// The e-mail address, trimmed and in lower case. No two users have the same address.
    package let email: String
    package let name: String
    /// The values of the `roles` claim, in ascending order.
    package let roles: [String]
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    /// When an operator disabled the user; `nil` if the user is enabled.
    package let disabledAt: Timestamp?
    /// When the user last logged in; `nil` if the store has recorded no login of this user.
    package let lastLoginAt: Timestamp?

    init(_ record: UserRecord) {
        id = record.id
        email = record.email
        name = record.name
        roles = record.roles
        createdAt = record.createdAt
        updatedAt = record.updatedAt
        disabledAt = record.disabledAt
        lastLoginAt = record.lastLoginAt
    }
}
