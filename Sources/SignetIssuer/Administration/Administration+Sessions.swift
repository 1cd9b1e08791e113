package import SignetStore

extension Administration {
    /// Sessions in ascending order of id, those after `cursor` only, dead ones that are not swept yet included.
    /// - Parameter idOrEmail: `nil` for those of all users.
    /// - Throws: `userNotFound`.
    package func sessions(
        of idOrEmail: String? = nil, after cursor: FamilyID? = nil, limit: Int
    ) throws -> [FamilyRecord] {
        try IssuerError.translating {
            try store.read { reader in
                guard let idOrEmail else { return try reader.families(after: cursor, limit: limit) }
                return try reader.families(of: Self.user(idOrEmail, in: reader).id, after: cursor, limit: limit)
            }
        }
    }

    /// Ends every living session of a user. A session that begins meanwhile may stay.
    /// - Returns: how many were ended.
    /// - Throws: `userNotFound`.
    @discardableResult
    package func revokeSessions(of idOrEmail: String) async throws -> Int {
        let user = try user(idOrEmail)
        let now = now()
        var total = 0
        var cursor: FamilyID?
        repeat {
            let start = cursor
            let (revoked, last) = try await IssuerError.translating {
                try await store.write { try revokeBatch(of: user.id, after: start, at: now, in: $0) }
            }
            total += revoked
            cursor = last
        } while cursor != nil
        return total
    }

    private func revokeBatch(
        of user: UserID, after cursor: FamilyID?, at now: Timestamp, in writer: any StoreWriter
    ) throws -> (revoked: Int, last: FamilyID?) {
        let families = try writer.families(of: user, after: cursor, limit: Self.batchSize)
        let living = families.filter { $0.isAlive(at: now) }
        for family in living {
            try writer.update(family.revoked(at: now, because: .administrator))
            try audit.record(.sessionRevoked, of: family, by: .operator, in: writer)
        }
        return (living.count, families.count < Self.batchSize ? nil : families.last?.id)
    }
}
