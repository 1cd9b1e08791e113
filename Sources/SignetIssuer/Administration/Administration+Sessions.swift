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
    ) async throws -> [Session] {
        try await IssuerError.translating {
            guard let idOrEmail else {
                return try await store.sessions(after: cursor, limit: limit).map { Session(FamilyAndUser($0).family) }
            }
            let page = FamilyPage(after: cursor, limit: limit)
            let loaded = try await store.load(StoreLookup(user: Self.key(of: idOrEmail), families: page))
            let user = try Self.found(loaded.user)
            return loaded.families.map { Session($0.applyingCutoff(of: user)) }
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
            try await store.write(loading: StoreLookup(session: id)) { [audit] loaded in
                guard let session = loaded.session else { throw unknown }
                let family = session.family
                guard let user = session.user, family.applyingCutoff(of: user).isAlive(at: now) else {
                    return StoreDecision(false)
                }
                return StoreDecision(
                    true,
                    [
                        .updateFamily(family.revoked(at: now, because: .administrator)),
                        audit.change(for: .sessionRevoked, of: family, by: .operator),
                    ])
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
            let search = LiveFamilySearch(limit: 1, reading: SessionPage.scanLimit, at: now)
            let lookup = StoreLookup(user: try Self.key(of: idOrEmail), liveFamilies: search)
            let user = try await store.write(loading: lookup) { [audit] loaded in
                var user = try Self.found(loaded.user)
                guard user.mayHaveSession(in: loaded.liveFamilies) else { return StoreDecision(user.id) }
                user.endSessions(at: now, because: .administrator)
                return StoreDecision(
                    user.id,
                    [.updateUser(user), audit.change(for: .sessionRevoked, of: user, by: .operator, reason: "all")])
            }
            return try await CutoffWriting(store: store).run(for: user, at: now)
        }
    }
}
