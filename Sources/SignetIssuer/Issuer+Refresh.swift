import Logging
import SignetStore

extension Issuer {
    /// Answers a refresh token with an access token and the family's current refresh token (RFC 6749 §6).
    ///
    /// ``RotationDecision`` lists what can happen to the family. Callers that race with one refresh token cause one
    /// rotation and receive the same refresh token.
    /// - Parameters:
    ///   - scope: space-separated scope of the access token, part of the family's; `nil` or empty for all of it. The
    ///     family keeps its whole scope.
    ///   - target: the issuer's own audience or none: families have no other.
    ///   - client: the authenticated client; `nil` for an anonymous caller. Only the family's client may refresh it. A
    ///     family of the first-party API belongs to no client, and every caller may refresh it.
    /// - Throws: `refreshTokenInvalid`, `invalidScope`, `invalidTarget`: nothing was changed. `refreshTokenDead`: the
    ///   family has ended, or has just been revoked because of reuse. `busy`, `storeUnavailable`.
    package func refresh(
        _ refreshToken: String, scope: String? = nil, for target: AudienceRequest = .unspecified,
        by client: Client? = nil, from source: RequestSource
    ) async throws -> IssuedTokens {
        // Checked before the token is used, because a malformed request must not use it up.
        _ = try target.granted(own: configuration.audience)
        let request = RefreshRequest(
            scope: try Self.parsed(scope: scope), clientID: client?.id, source: source, time: now())
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

    /// Authenticates the token, decides, signs and writes.
    private func answer(_ refreshToken: String, _ request: RefreshRequest) async throws -> RefreshAnswer {
        let mint = refreshTokens
        let policy = rotationPolicy(for: request.source, secretID: mint.currentSecretID)

        let (token, subject) = try authenticate(refreshToken, with: mint)
        let decision = try RefreshDecision(presenting: token, to: subject, request, policy: policy)
        // Tokens are signed before the write, while the disk is busy with the writes of others. If signing fails,
        // nothing is written.
        let answer = try sign(decision, for: request)
        // A decision without a record needs no write, because the snapshot that it was made from is durable.
        guard decision.rotation.record != nil else { return answer }
        let written = try await write(token, request, policy: policy)
        return written == decision ? answer : try sign(written, for: request)
    }

    // MARK: - Parse and authenticate

    /// The parsed token with its family and user.
    /// - Throws: `refreshTokenInvalid`.
    private func authenticate(
        _ text: String, with mint: RefreshTokenMint
    ) throws -> (RefreshToken, FamilyAndUser) {
        let parsed = RefreshToken(text)
        // Malformed text costs the same work as a forged token.
        let token = parsed ?? .placeholder
        let subject = try store.read { reader in
            let family = try reader.family(id: token.familyID)
            // The user is read for genuine tokens alone: a forged one costs the same whether its family exists or not.
            guard try mint.isGenuine(token, of: family), let family else { return nil as FamilyAndUser? }
            return try FamilyAndUser(family, in: reader)
        }
        guard parsed != nil, let subject else { throw Self.notGenuine }
        return (token, subject)
    }

    private static let notGenuine = IssuerError(
        .refreshTokenInvalid, "malformed, forged, or of a family that does not exist")

    // MARK: - Sign

    private func sign(_ decision: RefreshDecision, for request: RefreshRequest) throws(IssuerError) -> RefreshAnswer {
        guard let family = decision.familyToServe, let user = decision.subject.user else {
            return RefreshAnswer(decision: decision, tokens: nil)
        }
        let tokens = try tokens(of: family, for: user, scope: request.scope, at: request.time)
        return RefreshAnswer(decision: decision, tokens: tokens)
    }

    // MARK: - Write

    /// Decides once more in the write transaction, because the family or its user may have changed since the snapshot, and
    /// writes that decision.
    private func write(
        _ token: RefreshToken, _ request: RefreshRequest, policy: RotationPolicy
    ) async throws -> RefreshDecision {
        let hasStatusLists = configuration.statusListFreshness != nil
        return try await store.write { [audit] writer in
            guard let family = try writer.family(id: token.familyID) else { throw Self.notGenuine }
            var decision = try RefreshDecision(
                presenting: token, to: FamilyAndUser(family, in: writer), request, policy: policy)
            if hasStatusLists {
                // Families from the time before status lists get their entry at the next rotation.
                decision.rotation = try decision.rotation.withStatusListEntry(
                    at: request.time, policy: policy, allocateIndex: writer.allocateStatusListIndex)
            }
            if let record = decision.rotation.record { try writer.update(record) }
            switch decision.rotation {
            case .recover(let family):
                try audit.record(.refreshRecovered, of: family, from: request.source, in: writer)
            case .reuse(let family):
                // The actor is anonymous: the token of the user and its copy look the same.
                let event = AuditEvent(
                    .refreshReused, by: .anonymous, subject: family.userID, family: family.id, from: request.source,
                    outcome: .refused)
                try audit.record(event, in: writer)
            case .rotate, .replay, .refused: break
            }
            return decision
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
            throw IssuerError(.refreshTokenDead, refusal.rawValue)
        case .rotate, .replay, .recover:
            throw IssuerError(.refreshTokenDead, RotationDecision.Refusal.userNotActive.rawValue)
        }
    }
}

/// A decision and the tokens that follow from it.
private struct RefreshAnswer: Sendable {
    let decision: RefreshDecision
    /// `nil` for a decision that hands out no tokens.
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

    /// `nil` for a refused scope, because the token itself was fine.
    fileprivate init?(of error: any Error) {
        switch (error as? IssuerError)?.code {
        case .refreshTokenInvalid: self = .invalid
        case .invalidScope: return nil
        default: self = .failed
        }
    }
}
