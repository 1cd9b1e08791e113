import Logging
import SignetStore

extension Issuer {
    /// Exchanges a refresh token for a new pair; see ``RotationDecision`` for all that can come of it.
    ///
    /// Any number of callers with the same token cause one rotation and receive the same refresh token.
    /// - Throws: `refreshTokenInvalid`, which changes nothing; `refreshTokenDead`, after which a reused token's family
    ///   is revoked; `busy`, `storeUnavailable`.
    package func refresh(_ refreshToken: String, from origin: Origin) async throws -> TokenPair {
        let now = now()
        return try await IssuerError.translating {
            let token = try genuineToken(refreshToken)
            let terms = RotationTerms(
                reuseWindow: configuration.reuseWindow, idleLifetime: configuration.refreshTokenIdleLifetime,
                secretID: refreshTokens.currentSecretID, address: origin.address)
            // Most answers that change nothing need no transaction: what the snapshot shows is durable.
            var outcome = try store.read { try Self.present(token, at: now, terms: terms, in: $0) }
            if outcome.decision.record != nil {
                outcome = try await store.write { writer in
                    let outcome = try Self.present(token, at: now, terms: terms, in: writer)
                    if let record = outcome.decision.record { try writer.update(record) }
                    return outcome
                }
            }
            return try answer(outcome, at: now)
        }
    }

    /// What presenting a token came to, with what is needed to answer.
    private struct Presentation: Sendable {
        let decision: RotationDecision
        let family: FamilyRecord
        let user: UserRecord?
    }

    private static func present(
        _ token: RefreshToken, at now: Timestamp, terms: RotationTerms, in reader: any StoreReader
    ) throws -> Presentation {
        guard let family = try reader.family(id: token.familyID) else {
            throw IssuerError(.refreshTokenInvalid, "the family does not exist any more")
        }
        let user = try reader.user(id: family.userID)
        let decision = RotationDecision(
            presenting: token.generation, to: family, userIsActive: user.map { $0.disabledAt == nil } ?? false, at: now,
            terms: terms)
        return Presentation(decision: decision, family: family, user: user)
    }

    private func answer(_ outcome: Presentation, at now: Timestamp) throws(IssuerError) -> TokenPair {
        switch (outcome.decision, outcome.user) {
        case (.rotate(let family), let user?), (.recover(let family), let user?):
            return try tokens(of: family, for: user, at: now)
        case (.replay, let user?):
            return try tokens(of: outcome.family, for: user, at: now)
        case (.reuse(let family), _):
            logger.warning(
                "refresh token reuse",
                metadata: ["family": "\(family.id)", "user": "\(family.userID)"])
            throw IssuerError(.refreshTokenDead, "reuse: the family is revoked")
        case (.refused(let refusal), _):
            throw IssuerError(.refreshTokenDead, refusal.rawValue)
        case (_, nil):
            throw IssuerError(.refreshTokenDead, RotationDecision.Refusal.userNotActive.rawValue)
        }
    }

    /// Reads a refresh token and checks its tag, before anything else is asked of the store.
    /// - Throws: `refreshTokenInvalid` when it is malformed, forged, or its family does not exist.
    func genuineToken(_ text: String) throws -> RefreshToken {
        guard let token = RefreshToken(text) else {
            throw IssuerError(.refreshTokenInvalid, "not a refresh token")
        }
        let family = try store.read { try $0.family(id: token.familyID) }
        guard refreshTokens.isGenuine(token, of: family) else {
            throw IssuerError(.refreshTokenInvalid, "forged, or of a family that does not exist")
        }
        return token
    }

    /// The family's current refresh token and a fresh access token.
    func tokens(of family: FamilyRecord, for user: UserRecord, at now: Timestamp) throws(IssuerError) -> TokenPair {
        let access = try accessTokens.token(for: family, of: user, at: now)
        let end = min(family.idleExpiresAt, family.expiresAt)
        return TokenPair(
            accessToken: access.accessToken, refreshToken: try refreshTokens.currentToken(of: family).text,
            expiresIn: access.expiresIn, refreshExpiresIn: max(0, end.seconds - now.seconds), scope: access.scope,
            sessionID: family.id)
    }
}
