package import SignetStore

extension UserRecord {
    /// A user with an address of its own, unless one is given.
    package static func make(
        id: UserID = .random(), email: String? = nil, name: String = "Ada", passwordHash: String = "$argon2id$v=19$…",
        roles: [String] = [], createdAt: Timestamp = Timestamp(seconds: 1_000), disabledAt: Timestamp? = nil,
        lastLoginAt: Timestamp? = nil, sessionCutoff: SessionCutoff? = nil
    ) -> UserRecord {
        UserRecord(
            id: id, email: email ?? "\(id)@example.com", name: name, passwordHash: passwordHash, roles: roles,
            createdAt: createdAt, updatedAt: createdAt, disabledAt: disabledAt, lastLoginAt: lastLoginAt,
            sessionCutoff: sessionCutoff)
    }
}
