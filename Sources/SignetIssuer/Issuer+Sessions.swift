import Logging
package import SignetStore
import SignetVerifier

extension Issuer {
    /// Maximum number of sessions on one page.
    package static let longestSessionPage = 100

    /// Lists the caller's live sessions.
    /// - Parameters:
    ///   - cursor: ``SessionPage/next`` of the previous page; `nil` for the first page.
    ///   - limit: 1…``longestSessionPage``.
    /// - Throws: `tokenExpired` or `tokenInvalid` for a bad access token; `userNotFound` if its user was deleted;
    ///   `busy` or `storeUnavailable` if the store cannot be read.
    package func sessions(accessToken: String, after cursor: FamilyID? = nil, limit: Int) throws -> SessionPage {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try IssuerError.translating {
            try store.read { reader in
                let (user, family) = try TokenStatus(of: token, in: reader, at: now).caller
                return try SessionPage(
                    of: user, current: family.id, after: cursor, limit: limit, in: reader, at: now)
            }
        }
    }

    /// Ends one session of the caller. It may be the current session.
    /// - Returns: `true` if it was the current session.
    /// - Throws: `sessionNotFound` if the caller has no live session with this id; `tokenExpired` or `tokenInvalid` for
    ///   a bad access token; `userNotFound` if its user was deleted; `busy` or `storeUnavailable` if the store cannot
    ///   be used.
    @discardableResult
    package func revokeSession(
        _ id: String, accessToken: String, from source: RequestSource = .unknown
    ) async throws -> Bool {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try await IssuerError.translating {
            // Check in a read transaction first: a request that is refused then needs no write transaction.
            _ = try store.read { try Self.session(id, of: token, in: $0, at: now) }
            return try await store.write { [audit] writer in
                let (family, isCurrent) = try Self.session(id, of: token, in: writer, at: now)
                try writer.update(family.revoked(at: now, because: .logout))
                try audit.record(.sessionRevoked, of: family, from: source, in: writer)
                return isCurrent
            }
        }
    }

    /// Ends all sessions of the caller with one change of the user's record.
    ///
    /// If there is no session to end, nothing is written. Repeated calls therefore do not fill the audit log.
    /// - Parameter includingCurrent: `true` also ends the session of this request; `false` keeps it.
    /// - Throws: `tokenExpired` or `tokenInvalid` for a bad access token; `userNotFound` if its user was deleted;
    ///   `busy` or `storeUnavailable` if the store cannot be used.
    package func revokeSessions(
        accessToken: String, includingCurrent: Bool, from source: RequestSource = .unknown
    ) async throws {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        let caller = try await IssuerError.translating {
            let (caller, hasAny) = try store.read { reader in
                let (user, family) = try TokenStatus(of: token, in: reader, at: now).caller
                return (
                    user.id,
                    try includingCurrent || user.mayHaveSession(except: family.id, in: reader, at: now)
                )
            }
            guard hasAny else { return caller }
            return try await store.write { [audit] writer in
                // Check in the write transaction too, because another request may have ended the sessions since the
                // check in the read transaction.
                var (user, family) = try TokenStatus(of: token, in: writer, at: now).caller
                guard try includingCurrent || user.mayHaveSession(except: family.id, in: writer, at: now)
                else { return caller }
                user.endSessions(except: includingCurrent ? nil : family.id, at: now, because: .logout)
                try writer.update(user)
                let reason = includingCurrent ? "all" : "all_others"
                try audit.record(.sessionRevoked, of: user, from: source, reason: reason, in: writer)
                return caller
            }
        }
        await writeCutoff(of: caller)
    }

    /// Marks the records of the user's ended sessions as revoked. Logs a failure and does not throw it: even without
    /// the mark, all sessions that were created until the user's session cutoff count as ended.
    func writeCutoff(of user: UserID) async {
        do {
            try await CutoffWriting(store: store).run(for: user, at: now())
        } catch {
            logger.warning(
                "sessions have ended, but not all of their records could be marked; the sweeper will finish",
                metadata: ["user": "\(user)", "error": "\(error)"])
        }
    }

    /// Returns the caller's live session with this id.
    /// - Throws: `sessionNotFound` if the caller has no live session with this id; `tokenInvalid` if the session of the
    ///   access token has ended; `userNotFound` if the caller's account was deleted.
    private static func session(
        _ id: String, of token: VerifiedToken, in reader: any StoreReader, at now: Timestamp
    ) throws -> (family: FamilyRecord, isCurrent: Bool) {
        let (user, current) = try TokenStatus(of: token, in: reader, at: now).caller
        guard let id = FamilyID(id), let family = try reader.family(id: id)?.applyingCutoff(of: user),
            family.userID == user.id,
            family.isAlive(at: now)
        else { throw IssuerError(.sessionNotFound, "no live session of this user has this id") }
        return (family, family.id == current.id)
    }
}
