import Logging
package import SignetStore
import SignetVerifier

extension Issuer {
    /// Most sessions of one page.
    package static let longestSessionPage = 100

    /// The caller's living sessions, those after `cursor` only.
    /// - Parameter limit: 1…``longestSessionPage``.
    /// - Throws: `tokenExpired`, `tokenInvalid`, `userNotFound`, `storeUnavailable`.
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

    /// Ends one session of the caller, which may be the current one.
    /// - Returns: whether it was the current one.
    /// - Throws: `sessionNotFound` for an id that is no living session of the caller, whatever else it may be;
    ///   `tokenExpired`, `tokenInvalid`, `userNotFound`, `busy`, `storeUnavailable`.
    @discardableResult
    package func revokeSession(
        _ id: String, accessToken: String, from source: RequestSource = .unknown
    ) async throws -> Bool {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try await IssuerError.translating {
            // What is refused need not wait for the writer.
            _ = try store.read { try Self.target(id, of: token, in: $0, at: now) }
            return try await store.write { [audit] writer in
                let (family, isCurrent) = try Self.target(id, of: token, in: writer, at: now)
                try writer.update(family.revoked(at: now, because: .logout))
                try audit.record(.sessionRevoked, of: family, from: source, in: writer)
                return isCurrent
            }
        }
    }

    /// Ends all sessions of the caller at once, however many there are; the current one only when asked to.
    ///
    /// When there is none to end nothing is written, nor recorded: repeating it must not push other records out.
    /// - Throws: `tokenExpired`, `tokenInvalid`, `userNotFound`, `busy`, `storeUnavailable`.
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
                    try includingCurrent || Self.hasSession(of: user, except: family.id, in: reader, at: now)
                )
            }
            guard hasAny else { return caller }
            return try await store.write { [audit] writer in
                var (user, family) = try TokenStatus(of: token, in: writer, at: now).caller
                guard try includingCurrent || Self.hasSession(of: user, except: family.id, in: writer, at: now) else {
                    return caller
                }
                user.endSessions(except: includingCurrent ? nil : family.id, at: now, because: .logout)
                try writer.update(user)
                let reason = includingCurrent ? "all" : "all_others"
                try audit.record(.sessionRevoked, of: user, from: source, reason: reason, in: writer)
                return caller
            }
        }
        await writeCutoff(of: caller)
    }

    /// Whether a user has a living session besides `kept`; also when so many that are over had to be looked through
    /// that it was given up, which a cutoff then makes good: nothing is looked through until the next login.
    private static func hasSession(
        of user: UserRecord, except kept: FamilyID, in reader: any StoreReader, at now: Timestamp
    ) throws -> Bool {
        if user.hasEndedSessions(except: kept) { return false }
        let families = try reader.families(of: user.id, after: nil, limit: SessionPage.scanLimit)
        return families.count == SessionPage.scanLimit
            || families.contains { $0.id != kept && $0.applyingCutoff(of: user).isAlive(at: now) }
    }

    /// Follows a cutoff up in the families' records. What fails here is no failure of the operation: it is done.
    func writeCutoff(of user: UserID) async {
        do {
            try await CutoffWriting(store: store).run(for: user, at: now())
        } catch {
            logger.warning(
                "not every session that has ended says so in its record",
                metadata: ["user": "\(user)", "error": "\(error)"])
        }
    }

    private static func target(
        _ id: String, of token: VerifiedToken, in reader: any StoreReader, at now: Timestamp
    ) throws -> (family: FamilyRecord, isCurrent: Bool) {
        let (user, current) = try TokenStatus(of: token, in: reader, at: now).caller
        guard let id = FamilyID(id), let family = try reader.family(id: id)?.applyingCutoff(of: user),
            family.userID == user.id,
            family.isAlive(at: now)
        else { throw IssuerError(.sessionNotFound, "no living session of this user has this id") }
        return (family, family.id == current.id)
    }
}
