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
    /// - Throws: `tokenExpired` or `tokenInvalid` for a bad access token. The answer also throws `tokenInvalid` if the
    ///   session of the token has ended; `userNotFound` if its user was deleted; `busy` or `storeUnavailable` if the
    ///   store cannot be read.
    package func sessionsInquiry(
        accessToken: String, after cursor: FamilyID? = nil, limit: Int
    ) throws -> Inquiry<SessionPage> {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        let search = LiveFamilySearch(after: cursor, limit: limit, reading: SessionPage.scanLimit, at: now)
        let lookup = StoreLookup(token: TokenStatus.key(of: token), liveFamilies: search)
        return Inquiry(of: store, loading: lookup) { loaded in
            let (_, family) = try TokenStatus(of: token, with: loaded.token, at: now).caller
            return SessionPage(of: loaded.liveFamilies, current: family.id)
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
            let lookup = StoreLookup(session: FamilyID(id), token: TokenStatus.key(of: token))
            // Check before the write transaction: a request that is refused then needs no write transaction.
            let known = try await store.load(lookup)
            _ = try Self.session(of: token, with: known, at: now)
            return try await store.write(loading: lookup, known: known) { [audit] loaded in
                let (family, isCurrent) = try Self.session(of: token, with: loaded, at: now)
                return StoreDecision(
                    isCurrent,
                    [
                        .updateFamily(family.revoked(at: now, because: .logout)),
                        audit.change(for: .sessionRevoked, of: family, from: source),
                    ])
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
            // Two live sessions are enough to know: at least one of them is not the session of this request.
            let search = LiveFamilySearch(limit: 2, reading: SessionPage.scanLimit, at: now)
            let lookup = StoreLookup(
                token: TokenStatus.key(of: token), liveFamilies: includingCurrent ? nil : search)
            @Sendable func decide(_ loaded: LoadedRecords) throws -> StoreDecision<UserID> {
                var (user, family) = try TokenStatus(of: token, with: loaded.token, at: now).caller
                guard includingCurrent || user.mayHaveSession(except: family.id, in: loaded.liveFamilies)
                else { return StoreDecision(user.id) }
                user.endSessions(except: includingCurrent ? nil : family.id, at: now, because: .logout)
                let reason = includingCurrent ? "all" : "all_others"
                return StoreDecision(
                    user.id,
                    [.updateUser(user), audit.change(for: .sessionRevoked, of: user, from: source, reason: reason)])
            }
            // Decide before the write transaction: a request that ends no session then needs no write transaction.
            let known = try await store.load(lookup)
            let decision = try decide(known)
            if decision.changes.isEmpty { return decision.result }
            return try await store.write(loading: lookup, known: known, decide)
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

    /// Returns the caller's live session that `loaded` holds.
    /// - Throws: `sessionNotFound` if the caller has no live session with this id; `tokenInvalid` if the session of the
    ///   access token has ended; `userNotFound` if the caller's account was deleted.
    private static func session(
        of token: VerifiedToken, with loaded: LoadedRecords, at now: Timestamp
    ) throws(IssuerError) -> (family: FamilyRecord, isCurrent: Bool) {
        let (user, current) = try TokenStatus(of: token, with: loaded.token, at: now).caller
        guard let family = loaded.session?.family.applyingCutoff(of: user), family.userID == user.id,
            family.isAlive(at: now)
        else { throw IssuerError(.sessionNotFound, "no live session of this user has this id") }
        return (family, family.id == current.id)
    }
}
