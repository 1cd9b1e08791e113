import Logging
import SignetStore

extension Issuer {
    /// Exchanges a refresh token for an access token and the family's current refresh token (RFC 6749 §6).
    ///
    /// A family is all refresh tokens of one login. ``RotationDecision`` lists the possible outcomes. If several
    /// requests send the same refresh token at the same time, the family rotates once, and all requests receive the
    /// same new refresh token.
    /// - Parameters:
    ///   - scope: space-separated scope of the access token, a part of the family's scope. `nil` or an empty text means
    ///     the family's whole scope. The family's scope does not change.
    ///   - target: the audiences of the access token, a part of the family's audiences. No audience means all of them.
    ///     The family's audiences do not change.
    ///   - client: the authenticated client; `nil` for an anonymous caller. If the family was issued to a client, only
    ///     that client may refresh the family. A family from a login through the issuer's own `/api` has no client, and
    ///     every caller with its refresh token may refresh it.
    /// - Throws: `refreshTokenInvalid` if the token is malformed, forged or of another client; `invalidScope` or
    ///   `invalidTarget` if scope or audiences are malformed, or exceed what the login granted and the operator still
    ///   allows; `refreshTokenDead` if the family has ended, if the operator allows nothing that the login granted, or
    ///   if the use of an old token indicates theft and has just revoked the family; `busy` or `storeUnavailable` if
    ///   the store cannot be used.
    package func refresh(
        _ refreshToken: String, scope: String? = nil, for target: AudienceRequest = .unspecified,
        by client: Client? = nil, from source: RequestSource
    ) async throws -> IssuedTokens {
        let request = RefreshRequest(
            scope: try Self.parsed(scope: scope), target: target, clientID: client?.id, source: source, time: now())
        let answer: RefreshAnswer
        do {
            answer = try await IssuerError.translating { try await self.answer(refreshToken, request) }
        } catch {
            if let outcome = RefreshOutcome(of: error) { metrics.refreshes.count(outcome) }
            throw error
        }
        metrics.refreshes.count(RefreshOutcome(answer.decision.rotation))
        return try tokens(in: answer, from: source)
    }

    private static func parsed(scope: String?) throws(IssuerError) -> Scope? {
        guard let scope, !scope.isEmpty else { return nil }
        guard let scope = Scope(scope) else { throw IssuerError(.invalidScope, "scope: malformed") }
        return scope
    }

    /// Checks that the refresh token is genuine, decides what to do, signs the new tokens, and writes the decision.
    private func answer(_ refreshToken: String, _ request: RefreshRequest) async throws -> RefreshAnswer {
        let mint = refreshTokens
        let policy = rotationPolicy(for: request.source, secretID: mint.currentSecretID)

        let (token, session) = try await authenticate(refreshToken, with: mint)
        let subject = FamilyAndUser(session)
        let decision = try notingRefusal(of: request, for: subject.family) { () throws(IssuerError) in
            try RefreshDecision(presenting: token, to: subject, request, policy: policy, login: loginPolicy)
        }
        // The tokens are signed before the write. If signing fails, nothing is written.
        let answer = try sign(decision, for: request)
        // If the decision has no record to write, the answer needs no write transaction.
        guard decision.rotation.record != nil else { return answer }
        let written = try await write(token, request, knowing: session, policy: policy)
        return written == decision ? answer : try sign(written, for: request)
    }

    // MARK: - Parse and authenticate

    /// Parses a refresh token and checks its HMAC tag. Returns the token, and the stored records of its family (all
    /// refresh tokens of one login) and its user.
    /// - Throws: `refreshTokenInvalid` if the token is malformed or forged, or if its family does not exist.
    private func authenticate(
        _ text: String, with mint: RefreshTokenMint
    ) async throws -> (RefreshToken, SessionRecords) {
        let parsed = RefreshToken(text)
        // For malformed text, a placeholder token is checked, so that the response takes as long as for a forged token.
        let token = parsed ?? .placeholder
        let session = try await store.load(StoreLookup(session: token.familyID)).session
        // The tag is computed even if the session does not exist. A forged token therefore costs about the same work
        // whether the session that it names exists or not.
        let isGenuine = try mint.isGenuine(token, of: session?.family)
        guard parsed != nil, isGenuine, let session else { throw Self.notGenuine }
        return (token, session)
    }

    private static let notGenuine = IssuerError(
        .refreshTokenInvalid, "malformed, forged, or of a family that does not exist")

    /// Runs `decide`. If it refuses the scope or the audiences of the request, buffers an audit event.
    private func notingRefusal(
        of request: RefreshRequest, for family: FamilyRecord, _ decide: () throws(IssuerError) -> RefreshDecision
    ) throws(IssuerError) -> RefreshDecision {
        do {
            return try decide()
        } catch {
            let reason: String? =
                switch error.code {
                case .invalidScope: "scope_not_allowed"
                case .invalidTarget: "audience_not_allowed"
                default: nil
                }
            if let reason {
                audit.refused(
                    .refreshRefused, of: family.userID, in: family.id, from: request.source, reason: reason)
            }
            throw error
        }
    }

    // MARK: - Sign

    private func sign(_ decision: RefreshDecision, for request: RefreshRequest) throws(IssuerError) -> RefreshAnswer {
        guard let family = decision.familyToServe, let user = decision.subject.user, let grant = decision.grant else {
            return RefreshAnswer(decision: decision, tokens: nil)
        }
        let tokens = try tokens(of: family, for: user, grant: grant, at: request.time)
        return RefreshAnswer(decision: decision, tokens: tokens)
    }

    // MARK: - Write

    /// Decides again in the write transaction, because a concurrent request may have changed the user or the family
    /// (all refresh tokens of one login). Writes and returns the new decision.
    /// - Parameter session: the records that the first decision was about.
    private func write(
        _ token: RefreshToken, _ request: RefreshRequest, knowing session: SessionRecords, policy: RotationPolicy
    ) async throws -> RefreshDecision {
        // A session that began before status lists were switched on has no status list entry. Its next rotation adds
        // one.
        let needsEntry = configuration.statusListFreshness != nil && session.family.statusListEntry == nil
        let lookup = StoreLookup(session: token.familyID, needsStatusListIndex: needsEntry)
        var known = LoadedRecords()
        known.session = session
        return try await store.write(loading: lookup, known: known) { [audit, loginPolicy] loaded in
            guard let session = loaded.session else { throw Self.notGenuine }
            var decision = try RefreshDecision(
                presenting: token, to: FamilyAndUser(session), request, policy: policy, login: loginPolicy)
            var changes: [StoreChange] = []
            if let index = loaded.statusListIndex {
                decision.rotation = decision.rotation.withStatusListEntry(at: request.time, policy: policy) {
                    changes.append(.takeStatusListIndex(index))
                    return index
                }
            }
            if let record = decision.rotation.record { changes.append(.updateFamily(record)) }
            switch decision.rotation {
            case .recover(let family):
                changes.append(audit.change(for: .refreshRecovered, of: family, from: request.source))
            case .reuse(let family):
                // The audit record names no user as the actor, because the caller may be the user or a thief with a
                // copy of the token.
                let event = AuditEvent(
                    .refreshReused, by: .anonymous, subject: family.userID, family: family.id, from: request.source,
                    outcome: .refused)
                changes.append(audit.change(for: event))
            case .rotate, .replay, .refused: break
            }
            return StoreDecision(decision, changes)
        }
    }

    // MARK: - Answer

    private func tokens(in answer: RefreshAnswer, from source: RequestSource) throws(IssuerError) -> IssuedTokens {
        let family = answer.decision.subject.family
        if case .replay = answer.decision.rotation {
            audit.buffer(
                AuditEvent(
                    .refreshReplayed, by: .user(family.userID), subject: family.userID, family: family.id, from: source)
            )
        }
        if let tokens = answer.tokens { return tokens }
        switch answer.decision.rotation {
        case .reuse:
            logger.warning(
                "refresh token reuse", metadata: ["family": "\(family.id)", "user": "\(family.userID)"])
            throw IssuerError(.refreshTokenDead, "reuse: the family is revoked")
        case .refused(let refusal):
            if refusal == .grantWithdrawn {
                audit.refused(
                    .refreshRefused, of: family.userID, in: family.id, from: source, reason: "grant_withdrawn")
            }
            throw IssuerError(.refreshTokenDead, refusal.rawValue)
        case .rotate, .replay, .recover:
            throw IssuerError(.refreshTokenDead, RotationDecision.Refusal.userNotActive.rawValue)
        }
    }
}

/// The decision about a refresh request, and the tokens that the caller receives.
private struct RefreshAnswer: Sendable {
    let decision: RefreshDecision
    /// The tokens for the caller; `nil` if the decision refuses the request.
    let tokens: IssuedTokens?
}

extension RefreshOutcome {
    fileprivate init(_ rotation: RotationDecision) {
        switch rotation {
        case .rotate: self = .rotated
        case .replay: self = .replayed
        case .recover: self = .recovered
        case .reuse: self = .reused
        case .refused: self = .refused
        }
    }

    /// The outcome that the metrics count for a failed refresh. `nil` if the scope or an audience was refused: the
    /// token was valid, so the metrics count nothing.
    fileprivate init?(of error: any Error) {
        switch (error as? IssuerError)?.code {
        case .refreshTokenInvalid: self = .invalid
        case .invalidScope, .invalidTarget: return nil
        default: self = .failed
        }
    }
}
