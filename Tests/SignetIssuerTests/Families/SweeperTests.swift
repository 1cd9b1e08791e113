import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct SweeperTests {
    @Test func `everything that has expired is removed over several batches and the living stay`() async throws {
        let test = try TestIssuer.make()
        let user = try await test.register()
        for _ in 0..<(2 * Sweeper.batchSize + 1) {
            try await test.store.write { try $0.insert(Self.family(of: user.id)) }
        }
        try await test.store.write { try $0.revoke(tokenID: "old", until: TestClock.start + .seconds(1)) }
        test.clock.advance(by: .seconds(7 * 86_400))
        let living = try await test.login()
        let handled = try await Sweeper(store: test.store).sweep(at: test.clock.now)
        #expect(handled >= 2 * Sweeper.batchSize + 2)
        let left = try test.store.read { try $0.families(after: nil, limit: 1000) }
        #expect(left.map(\.id) == [living.sessionID])
        #expect(try !test.store.read { try $0.isRevoked(tokenID: "old") })
        #expect(try await Sweeper(store: test.store).sweep(at: test.clock.now) == 0)
    }

    private static func family(of user: UserID) -> FamilyRecord {
        .beginning(
            of: user, at: TestClock.start, from: TestIssuer.origin, secretID: 1, configuration: .make())
    }
}
