import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct EventCoalescerTests {
    private static let start = TestClock.start
    private static let limits = AuditLimits()

    private static func refusal(
        of user: UserID? = nil, at address: String = "192.0.2.1", device: String = "a browser",
        reason: String = "wrong_password"
    ) -> AuditEvent {
        AuditEvent(
            .login, by: .anonymous, subject: user, from: RequestSource(address: address, device: device),
            outcome: .refused,
            reason: reason)
    }

    private static func folds(limits: AuditLimits = limits) -> EventCoalescer {
        EventCoalescer(budget: AuditBudget(limits: limits))
    }

    private static func take(
        _ folds: inout EventCoalescer, at now: Timestamp, everything: Bool = false
    ) -> [CoalescedEvent] {
        folds.take(at: now, everything: everything, limit: 100_000)
    }

    @Test func `those alike become one record a minute that counts them`() {
        var folds = Self.folds()
        let user = UserID.random()
        var written: [(second: Int, count: UInt32)] = []
        // Ten a second for three minutes, with a look every second; then silence.
        for second in 0..<300 {
            let now = Self.start + .seconds(second)
            if second < 180 {
                for number in 0..<10 { folds.add(Self.refusal(of: user, device: "agent \(number)"), at: now) }
            }
            for fold in Self.take(&folds, at: now) { written.append((second, fold.count)) }
        }
        #expect(written.map(\.second) == [0, 60, 120, 180])
        #expect(written.map(\.count) == [10, 600, 600, 590])
        #expect(folds.count == 0)
    }

    @Test func `another account, address or reason is another record`() {
        var folds = Self.folds()
        let (ada, bob) = (UserID.random(), UserID.random())
        let events = [
            Self.refusal(of: ada), Self.refusal(of: bob), Self.refusal(of: ada, at: "192.0.2.2"),
            Self.refusal(of: ada, reason: "account_disabled"), Self.refusal(),
        ]
        for event in events + events { folds.add(event, at: Self.start) }
        let taken = Self.take(&folds, at: Self.start)
        #expect(Set(taken.map(\.event)) == Set(events))
        #expect(taken.allSatisfy { $0.count == 2 })
    }

    @Test func `a record tells of the first time and the first agent`() {
        var folds = Self.folds()
        folds.add(Self.refusal(device: "first"), at: Self.start)
        folds.add(Self.refusal(device: "second"), at: Self.start + .milliseconds(500))
        let taken = Self.take(&folds, at: Self.start + .seconds(1))
        #expect(taken.map(\.event.source.device) == ["first"])
        #expect(taken.map(\.first) == [Self.start])
    }

    @Test func `a stop takes what is held back`() {
        var folds = Self.folds()
        folds.add(Self.refusal(), at: Self.start)
        #expect(Self.take(&folds, at: Self.start).count == 1)
        folds.add(Self.refusal(), at: Self.start + .seconds(1))
        #expect(Self.take(&folds, at: Self.start + .seconds(2)).isEmpty)
        #expect(Self.take(&folds, at: Self.start + .seconds(2), everything: true).map(\.count) == [1])
        #expect(Self.take(&folds, at: Self.start + .seconds(2), everything: true).isEmpty)
        #expect(folds.count == 0)
    }

    @Test func `what is taken back counts with what came meanwhile`() {
        var folds = Self.folds()
        for _ in 0..<3 { folds.add(Self.refusal(), at: Self.start) }
        let taken = Self.take(&folds, at: Self.start)
        folds.add(Self.refusal(), at: Self.start + .seconds(1))
        folds.requeue(taken)
        #expect(Self.take(&folds, at: Self.start + .seconds(60)).map(\.count) == [4])
    }

    @Test func `a clock that steps back holds nothing back for longer than a minute`() {
        var folds = Self.folds()
        folds.add(Self.refusal(), at: Self.start)
        _ = Self.take(&folds, at: Self.start)
        let back = Self.start - .seconds(3600)
        folds.add(Self.refusal(), at: back)
        #expect(Self.take(&folds, at: back).map(\.count) == [1])
    }

    @Test func `a flood of many accounts and addresses is summed up, and memory is bounded`() {
        var folds = Self.folds()
        var (written, summed, most) = (0, UInt32(0), 0)
        for second in 0..<1_200 {
            let now = Self.start + .seconds(second)
            for number in 0..<50 {
                folds.add(Self.refusal(of: UserID.random(), at: "10.\(second % 256).\(number).1"), at: now)
            }
            most = max(most, folds.count)
            for fold in Self.take(&folds, at: now) {
                written += 1
                guard fold.event.reason == EventCoalescer.summaryReason else { continue }
                summed += fold.count
                #expect(fold.event.subject == nil && fold.event.source == .unknown && fold.event.type == .login)
            }
        }
        let rest = Self.take(&folds, at: Self.start + .seconds(1_200), everything: true)
        summed += rest.filter { $0.event.reason == EventCoalescer.summaryReason }.map(\.count).reduce(0, +)
        let budget = AuditBudget(limits: Self.limits)
        let burst = Int(AuditBudget.burst(perMinute: budget.refusedPerMinute))
        #expect(written <= burst + Int(20 * budget.refusedPerMinute) + 21)
        #expect(most <= burst + 2)
        // Nothing is lost: every one has a record of its own or is counted in a summary.
        #expect(60_000 - Int(summed) <= burst + Int(20 * budget.refusedPerMinute) + 1)
        #expect(60_000 - Int(summed) >= burst)
    }

    @Test func `replays cannot use up what refusals have`() {
        var folds = Self.folds()
        for _ in 0..<20_000 {
            let user = UserID.random()
            folds.add(AuditEvent(.refreshReplayed, by: .user(user), subject: user, family: .random()), at: Self.start)
        }
        _ = Self.take(&folds, at: Self.start)
        folds.add(Self.refusal(of: .random()), at: Self.start + .seconds(1))
        let taken = Self.take(&folds, at: Self.start + .seconds(1))
        #expect(taken.contains { $0.event.type == .login && $0.event.reason == "wrong_password" })
    }

    @Test(arguments: [
        AuditLimits(), AuditLimits(maximumBytes: 16 << 20), AuditLimits(retention: .seconds(3600)),
        AuditLimits(retention: .seconds(3650 * 86_400), maximumBytes: 1 << 40),
    ])
    func `a flood of what changes nothing fills no more than half of the log`(limits: AuditLimits) throws {
        let budget = AuditBudget(limits: limits)
        let minutes = Double(limits.retention.components.seconds) / 60
        // A day's burst comes on top, once.
        let largest = AuditRecord(
            sequence: 1, time: Self.start, type: .login, actor: .user(.random()), subject: .random(),
            familyID: .random(), object: String(repeating: "o", count: 64), address: String(repeating: "a", count: 64),
            userAgent: String(repeating: "u", count: 200), reason: String(repeating: "r", count: 32),
            previousHash: AuditLink.start.hash)
        let perRecord = Double(try largest.encoded().count + 100)
        let summaries = limits.retention / budget.summaryInterval * 8 * 200
        let taken = (budget.refusedPerMinute + budget.replayedPerMinute) * minutes * perRecord + summaries
        #expect(taken <= Double(limits.maximumBytes) / 2)
        #expect(budget.refusedPerMinute > 0 && budget.summaryInterval >= .seconds(60))
    }

    @Test func `an allowance comes back with time, and not with a clock that steps`() {
        var allowance = TokenBucket(burst: 2, perMinute: 6)
        func takes(_ second: Int) -> Bool { allowance.take(at: Self.start + .seconds(second)) }
        #expect([takes(0), takes(0), takes(0), takes(9)] == [true, true, false, false])
        #expect([takes(10), takes(10)] == [true, false])
        #expect([takes(-1000), takes(-991), takes(-980)] == [false, false, true])
        #expect([takes(100_000), takes(100_000), takes(100_000)] == [true, true, false])
    }
}
