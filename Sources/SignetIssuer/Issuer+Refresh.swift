import Logging
import SignetStore

extension Issuer {
    /// Exchanges a refresh token for a new pair; see ``RotationDecision`` for all that can come of it.
    ///
    /// Any number of callers with the same token cause one rotation and receive the same refresh token.
    /// - Parameters:
    ///   - scope: what the access token shall have, part of what the login granted; `nil` or empty for all of it. The
    ///     session keeps all of it (RFC 6749 §6).
    ///   - target: nothing but the issuer's own audience.
    ///   - client: who authenticated, if anybody did. A session of the first-party API may be refreshed by anyone who
    ///     holds its token, that of a client by this client alone.
    /// - Throws: `refreshTokenInvalid`, `invalidScope`, `invalidTarget`, which change nothing; `refreshTokenDead`, after
    ///   which a reused token's family is revoked; `busy`, `storeUnavailable`.
    package func refresh(
        _ refreshToken: String, scope: String? = nil, for target: AudienceRequest = .unspecified,
        by client: Client? = nil, from source: RequestSource
    ) async throws -> IssuedTokens {
        // A session's tokens are for the issuer's own audience, and what is refused must not cost the token.
        _ = try target.granted(own: configuration.audience)
        let asked = try Self.scope(asked: scope)
        let now = now()
        let exchange: Exchange
        do {
            exchange = try await present(refreshToken, scope: asked, by: client?.id, from: source, at: now)
        } catch {
            if let outcome = RefreshOutcome(of: error) { metrics.refreshes.count(outcome) }
            throw error
        }
        metrics.refreshes.count(RefreshOutcome(exchange.presentation.decision))
        return try answer(exchange)
    }

    private static func scope(asked text: String?) throws(IssuerError) -> Scope? {
        guard let text, !text.isEmpty else { return nil }
        guard let scope = Scope(text) else { throw IssuerError(.invalidScope, "scope: malformed") }
        return scope
    }

    /// Decides what becomes of the token's family, and has it written.
    private func present(
        _ refreshToken: String, scope: Scope?, by client: ClientID?, from source: RequestSource, at now: Timestamp
    ) async throws -> Exchange {
        try await IssuerError.translating {
            let mint = refreshTokens
            let policy = rotationPolicy(for: source, secretID: mint.currentSecretID)
            let hasStatusLists = configuration.statusListFreshness != nil
            let parsed = RefreshToken(refreshToken)
            // A text that is no token costs what a forged token costs.
            let token = parsed ?? .placeholder
            let seen = try store.read { reader in
                let family = try reader.family(id: token.familyID)
                // Nobody's record is read for a forged token: it costs the same whether the family exists or not.
                guard try mint.isGenuine(token, of: family), let family else { return nil as Holder? }
                return try Self.holder(of: family, in: reader)
            }
            guard parsed != nil, let seen else { throw Self.notGenuine }
            // An answer that changes nothing needs no transaction: what a snapshot shows is durable.
            let first = Presentation(of: token, to: seen, at: now, policy: policy)
            try first.check(scope: scope, by: client)
            guard first.decision.record != nil else {
                return noted(try exchange(first, scope: scope, at: now), from: source)
            }
            // The tokens are made before the write waits for its turn, while the disk takes the writes of others. Where
            // none can be made, nothing is written.
            let prepared = try exchange(first, scope: scope, at: now)
            let other = try await store.write { [self] writer -> Presentation? in
                guard let holder = try Self.holder(of: token, in: writer) else { throw Self.notGenuine }
                var outcome = Presentation(of: token, to: holder, at: now, policy: policy)
                try outcome.check(scope: scope, by: client)
                if hasStatusLists {
                    // A family from before there were status lists gets its place now.
                    outcome.decision = try outcome.decision.placed(
                        at: now, policy: policy, take: writer.allocateStatusListIndex)
                }
                if let record = outcome.decision.record { try writer.update(record) }
                try record(outcome.decision, from: source, in: writer)
                return outcome == first ? nil : outcome
            }
            guard let other else { return noted(prepared, from: source) }
            return noted(try exchange(other, scope: scope, at: now), from: source)
        }
    }

    /// Notes a replay, which leaves no record of its own.
    private func noted(_ exchange: Exchange, from source: RequestSource) -> Exchange {
        if case .replay = exchange.presentation.decision {
            let family = exchange.presentation.family
            audit.note(
                AuditEvent(
                    .refreshReplayed, by: .user(family.userID), subject: family.userID, family: family.id, from: source)
            )
        }
        return exchange
    }

    /// Records what is out of the ordinary: a rotation is not, and costs no record.
    private func record(_ decision: RotationDecision, from source: RequestSource, in writer: any StoreWriter) throws {
        switch decision {
        case .recover(let family):
            try audit.record(.refreshRecovered, of: family, from: source, in: writer)
        case .reuse(let family):
            // Whether the user or a thief presented it, nobody can tell.
            let event = AuditEvent(
                .refreshReused, by: .anonymous, subject: family.userID, family: family.id, from: source,
                outcome: .refused)
            try audit.record(event, in: writer)
        case .rotate, .replay, .refused: break
        }
    }

    /// What a login or a rotation from `source` goes by.
    func rotationPolicy(for source: RequestSource, secretID: UInt8) -> RotationPolicy {
        RotationPolicy(
            reuseWindow: configuration.reuseWindow, idleLifetime: configuration.refreshTokenIdleLifetime,
            secretID: secretID, accessTokenLifetime: configuration.accessTokenLifetime,
            address: source.address)
    }

    private static let notGenuine = IssuerError(
        .refreshTokenInvalid, "not a refresh token, forged, or of a family that does not exist")

    private typealias Holder = (family: FamilyRecord, user: UserRecord?)

    /// The family that a token names, with its user.
    private static func holder(of token: RefreshToken, in reader: any StoreReader) throws -> Holder? {
        try reader.family(id: token.familyID).map { try holder(of: $0, in: reader) }
    }

    private static func holder(of family: FamilyRecord, in reader: any StoreReader) throws -> Holder {
        let user = try reader.user(id: family.userID)
        return (user.map(family.applyingCutoff(of:)) ?? family, user)
    }

    /// What presenting a token came to, with what is needed to answer.
    private struct Presentation: Sendable, Equatable {
        var decision: RotationDecision
        let family: FamilyRecord
        let user: UserRecord?

        init(of token: RefreshToken, to holder: Holder, at now: Timestamp, policy: RotationPolicy) {
            decision = RotationDecision(
                presenting: token.generation, to: holder.family,
                userIsActive: holder.user.map { $0.disabledAt == nil } ?? false, at: now, policy: policy)
            family = holder.family
            user = holder.user
        }

        /// Refuses what may not be asked for. Not the scope where nobody gets a token: one in two hands ends its family,
        /// whatever is asked for.
        func check(scope: Scope?, by client: ClientID?) throws(IssuerError) {
            guard family.clientID == nil || family.clientID == client else {
                throw IssuerError(.refreshTokenInvalid, "the refresh token was issued to another client")
            }
            if decision.yieldsToken, let scope, !scope.isPart(of: family.scope) {
                throw IssuerError(.invalidScope, "scope: more than the login granted")
            }
        }
    }

    /// A decision with the tokens that follow from it.
    private struct Exchange: Sendable {
        let presentation: Presentation
        /// `nil` when nobody gets any.
        let tokens: IssuedTokens?
    }

    private func exchange(
        _ presentation: Presentation, scope: Scope?, at now: Timestamp
    ) throws(IssuerError) -> Exchange {
        let family: FamilyRecord? =
            switch presentation.decision {
            case .rotate(let family), .recover(let family): family
            case .replay(let renewed): renewed ?? presentation.family
            case .reuse, .refused: nil
            }
        guard let family, let user = presentation.user else { return Exchange(presentation: presentation, tokens: nil) }
        return Exchange(
            presentation: presentation, tokens: try tokens(of: family, for: user, scope: scope, at: now))
    }

    private func answer(_ exchange: Exchange) throws(IssuerError) -> IssuedTokens {
        if let tokens = exchange.tokens { return tokens }
        switch exchange.presentation.decision {
        case .reuse(let family):
            logger.warning(
                "refresh token reuse",
                metadata: ["family": "\(family.id)", "user": "\(family.userID)"])
            throw IssuerError(.refreshTokenDead, "reuse: the family is revoked")
        case .refused(let refusal):
            throw IssuerError(.refreshTokenDead, refusal.rawValue)
        case .rotate, .replay, .recover:
            throw IssuerError(.refreshTokenDead, RotationDecision.Refusal.userNotActive.rawValue)
        }
    }

    /// The family's current refresh token and a fresh access token.
    /// - Parameter scope: part of the family's; `nil` for all of it.
    func tokens(
        of family: FamilyRecord, for user: UserRecord, scope: Scope? = nil, at now: Timestamp
    ) throws(IssuerError) -> IssuedTokens {
        let access = try accessTokens.token(for: family, of: user, scope: scope?.text ?? family.scope, at: now)
        let end = min(family.idleExpiresAt, family.expiresAt)
        return IssuedTokens(
            accessToken: access.accessToken, refreshToken: try refreshTokens.currentToken(of: family).text,
            expiresIn: access.expiresIn, refreshExpiresIn: max(0, end.seconds - now.seconds), scope: access.scope,
            sessionID: family.id)
    }
}

extension RefreshOutcome {
    fileprivate init(_ decision: RotationDecision) {
        switch decision {
        case .rotate: self = .rotated
        case .replay: self = .replayed
        case .recover: self = .recovered
        case .reuse: self = .reused
        case .refused: self = .refused
        }
    }

    /// `nil` for a scope that the caller may not have: the request failed, not its token.
    fileprivate init?(of error: any Error) {
        switch (error as? IssuerError)?.code {
        case .refreshTokenInvalid: self = .invalid
        case .invalidScope: return nil
        default: self = .failed
        }
    }
}
