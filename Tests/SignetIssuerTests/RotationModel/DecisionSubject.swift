import SignetKeyring
import SignetStore

@testable import SignetIssuer

/// A function that replaces the issuer's decision about a refresh request. Some tests use a function with a deliberate
/// mistake.
typealias RotationRule =
    @Sendable (_ generation: UInt32, _ family: FamilyRecord, _ now: Timestamp, _ policy: RotationPolicy)
    -> RotationDecision

/// An issuer whose decisions about refresh requests come from a given rule. Tests give it a rule with a mistake, and
/// expect that the checks of ``RotationRun`` find the mistake.
final class DecisionSubject: RotationSubject {
    private let base: IssuerSubject
    private let rule: RotationRule
    private let mint = RefreshTokenMint(secrets: IssuerFixture.sharedKeyring.refreshSecrets(at: WallClock.start))

    init(rule: @escaping RotationRule) async throws {
        base = try await IssuerSubject()
        self.rule = rule
    }

    var configuration: IssuerConfiguration { base.configuration }
    var clock: WallClock { base.clock }
    var store: any LocalStore { base.store }

    func login(email: String, user: UserID) async throws -> (refreshToken: String, family: FamilyID) {
        try await base.login(email: email, user: user)
    }

    func refresh(_ text: String) async throws -> String {
        let now = clock.now
        let policy = RotationPolicy(
            reuseWindow: configuration.reuseWindow, idleLifetime: configuration.refreshTokenIdleLifetime,
            secretID: mint.currentSecretID,
            accessTokenLifetime: configuration.accessTokenLifetime, address: IssuerFixture.source.address)
        guard let token = RefreshToken(text) else { throw IssuerError(.refreshTokenInvalid, "no token") }
        let decision = try await store.write { [mint, rule] writer throws -> (RotationDecision, FamilyRecord) in
            let family = try writer.family(id: token.familyID)
            guard try mint.isGenuine(token, of: family), let family else {
                throw IssuerError(.refreshTokenInvalid, "not genuine")
            }
            let decision = rule(token.generation, family, now, policy)
            if let record = decision.record { try writer.update(record) }
            return (decision, family)
        }
        switch decision {
        case (.rotate(let family), _), (.recover(let family), _), (.replay(_), let family):
            return try currentToken(of: family)
        case (.reuse, _), (.refused, _):
            throw IssuerError(.refreshTokenDead, "refused")
        }
    }

    func currentToken(of family: FamilyRecord) throws -> String { try mint.currentToken(of: family).text }

    func restart() throws { try base.restart() }

    func end() { base.end() }
}
