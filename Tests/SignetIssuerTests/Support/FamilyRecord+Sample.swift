import SignetStore

@testable import SignetIssuer

extension FamilyRecord {
    /// A family that began at ``TestClock/start`` with the lifetimes of `IssuerConfiguration.make()`.
    static func sample(of user: UserID) -> FamilyRecord {
        .atLogin(
            of: user, at: TestClock.start, from: IssuerFixture.source,
            policy: RotationPolicy(
                reuseWindow: .seconds(30), idleLifetime: .seconds(7 * 86_400), secretID: 1,
                accessTokenLifetime: .seconds(900), address: IssuerFixture.source.address),
            sessionLifetime: .seconds(90 * 86_400))
    }
}
