package import SignetStore

extension Administration {
    /// A page of sessions in ascending order of id. It includes expired and revoked sessions that are still in the
    /// store.
    /// - Parameters:
    ///   - idOrEmail: the id or e-mail address of a user; `nil` for the sessions of all users.
    ///   - cursor: the last id of the previous page; `nil` for the first page.
    /// - Throws: `userNotFound` if no user has the id or address.
    package func sessions(
        of idOrEmail: String? = nil, after cursor: FamilyID? = nil, limit: Int
    ) throws -> [Session] {
        try IssuerError.translating {
            try store.read { reader in
                guard let idOrEmail else {
                    return try reader.families(after: cursor, limit: limit).map { family in
                        Session(try reader.user(id: family.userID).map(family.applyingCutoff(of:)) ?? family)
                    }
                }
                let user = try Self.user(idOrEmail, in: reader)
                return try reader.families(of: user.id, after: cursor, limit: limit).map {
                    Session($0.applyingCutoff(of: user))
                }
            }
        }
    }

    /// Ends one session.
    /// - Returns: `true` if the session was live; `false` if it had already expired or been revoked.
    /// - Throws: `sessionNotFound` if no session has this id.
    @discardableResult
    package func revokeSession(_ id: String) async throws -> Bool {
        let now = now()
        let unknown = IssuerError(.sessionNotFound, "no session has this id")
        guard let id = FamilyID(id) else { throw unknown }
        return try await IssuerError.translating {
            try await store.write { writer in
                guard let family = try writer.family(id: id) else { throw unknown }
                guard let user = try writer.user(id: family.userID), family.applyingCutoff(of: user).isAlive(at: now)
                else {
                    return false
                }
                try writer.update(family.revoked(at: now, because: .administrator))
                try audit.record(.sessionRevoked, of: family, by: .operator, in: writer)
                return true
            }
        }
    }

    /// Ends all live sessions of a user in one transaction. Sessions that begin later are not affected. If the user has
    /// no live session, no audit record is written.
    /// - Returns: the number of sessions that ended.
    /// - Throws: `userNotFound` if no user has this id or e-mail address.
    @discardableResult
    package func revokeSessions(of idOrEmail: String) async throws -> Int {
        let now = now()
        return try await IssuerError.translating {
            let user = try await store.write { writer in
                var user = try Self.user(idOrEmail, in: writer)
                guard try user.mayHaveSession(in: writer, at: now) else { return user.id }
                user.endSessions(at: now, because: .administrator)
                try writer.update(user)
                try audit.record(.sessionRevoked, of: user, by: .operator, reason: "all", in: writer)
                return user.id
            }
            return try await CutoffWriting(store: store).run(for: user, at: now)
        }
    }
}
