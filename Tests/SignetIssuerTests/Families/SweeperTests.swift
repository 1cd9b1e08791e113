import SignetStore
import Synchronization
import Testing

@testable import SignetIssuer

@Suite struct SweeperTests {
    @Test func `a sweep removes expired records in several batches and keeps live ones`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.register()
        for _ in 0..<(2 * Sweeper.batchSize + 1) {
            try await test.store.write { try $0.insert(Self.family(of: user.id)) }
        }
        try await test.store.write { try $0.revoke(tokenID: "old", until: WallClock.start + .seconds(1)) }
        test.clock.advance(by: .seconds(7 * 86_400))
        let living = try await test.login()
        let handled = try await Sweeper(store: test.store).sweep(at: test.clock.now)
        #expect(handled >= 2 * Sweeper.batchSize + 2)
        let left = try test.store.read { try $0.families(after: nil, limit: 1000) }
        #expect(left.map(\.id) == [living.sessionID])
        #expect(try !test.store.read { try $0.isRevoked(tokenID: "old") })
        #expect(try await Sweeper(store: test.store).sweep(at: test.clock.now) == 0)
    }

    @Test func `a batch ends after its time limit and later batches remove the rest`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.register()
        try await test.store.write { writer in
            for _ in 0..<200 { try writer.insert(Self.family(of: user.id)) }
        }
        test.clock.advance(by: .seconds(7 * 86_400))
        let store = FailingStore(store: test.store)
        // Each time the sweeper reads this clock, the clock advances by the time limit of a batch. So every batch ends
        // after one step.
        let looks = Mutex(0)
        let sweeper = Sweeper(store: store) {
            looks.withLock { looks in
                looks += 1
                return Sweeper.longestBatch * looks
            }
        }
        #expect(try await sweeper.sweep(at: test.clock.now) == 200)
        #expect(store.writes == 200 / Sweeper.stepSize + 1)
        #expect(try test.store.read { try $0.families(after: nil, limit: 1) }.isEmpty)
    }

    @Test func `a batch never exceeds its size limit, even if no time passes`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.register()
        try await test.store.write { writer in
            for _ in 0..<500 { try writer.insert(Self.family(of: user.id)) }
        }
        let store = FailingStore(store: test.store)
        let now = WallClock.start + .seconds(7 * 86_400)
        #expect(try await Sweeper(store: store) { .zero }.sweep(at: now) == 500)
        #expect(store.writes == 500 / Sweeper.batchSize + 1)
    }

    @Test
    func
        `a sweep records the first and the last batch of trimmed audit records and keeps the chain intact`()
        async throws
    {
        let test = try IssuerFixture.make()
        let trail = test.issuer.audit
        try await test.store.write { writer in
            for _ in 0..<300 { try trail.record(AuditEvent(.login, by: .anonymous), in: writer) }
        }
        let noted = try await trail.head()
        test.clock.advance(by: .seconds(2 * 86_400))
        try await test.store.write { try trail.record(AuditEvent(.logout, by: .anonymous), in: $0) }
        let store = FailingStore(store: test.store)
        let sweeper = Sweeper(store: store, limits: AuditLimits(retention: .seconds(86_400))) { .zero }
        #expect(try await sweeper.sweep(at: test.clock.now) == 300)
        #expect(store.writes == 1 + 300 / Sweeper.batchSize + 1)
        let left = try test.recorded()
        try #require(left.map(\.type) == [.logout, .auditTrimmed, .auditTrimmed])
        let first = left[1].count
        #expect(0 < first && first <= Sweeper.batchSize && left[1].object == "\(first)")
        #expect(left[2].count == 300 - first && left[2].object == "300")
        #expect(left[1...].allSatisfy { $0.reason == "age" && $0.actor == .issuer })
        #expect(try await AuditVerification.run(on: test.store, noted: noted).provesNotedHead == true)
        #expect(try await sweeper.sweep(at: test.clock.now) == 0)
        #expect(try test.recorded().count == 3)
    }

    @Test func `a trimming that stops after the first batch is recorded`() async throws {
        let test = try IssuerFixture.make()
        let trail = test.issuer.audit
        try await test.store.write { writer in
            for _ in 0..<300 { try trail.record(AuditEvent(.login, by: .anonymous), in: writer) }
        }
        test.clock.advance(by: .seconds(2 * 86_400))
        let store = FailingStore(store: test.store)
        // Let all writes after the second fail. The first write removes expired records. The second write trims the
        // first batch of audit records.
        store.limit = 2
        let sweeper = Sweeper(store: store, limits: AuditLimits(retention: .seconds(86_400))) { .zero }
        await expect(.storeUnavailable) { try await sweeper.sweep(at: test.clock.now) }
        let last = try #require(try test.recorded().last)
        #expect(last.type == .auditTrimmed)
        #expect(UInt64(last.count) == (try test.store.read { try $0.auditState().anchor.sequence }))
    }

    @Test func `a sweep removes the oldest records of an audit log over its size limit`() async throws {
        let test = try IssuerFixture.make()
        let trail = test.issuer.audit
        let limits = AuditLimits(maximumBytes: 100_000)
        for _ in 0..<4 {
            try await test.store.write { writer in
                for _ in 0..<400 { try trail.record(AuditEvent(.login, by: .anonymous), in: writer) }
            }
            try await Sweeper(store: test.store, limits: limits).sweep(at: test.clock.now)
            #expect(try test.store.read { try $0.auditState().byteCount } <= 100_000)
        }
        let left = try test.recorded()
        #expect(left.last?.type == .auditTrimmed && left.last?.reason == "size")
        #expect(left.count > 400)
        #expect(try await AuditVerification.run(on: test.store).count == UInt64(left.count))
    }

    private static func family(of user: UserID) -> FamilyRecord {
        .sample(of: user)
    }
}
