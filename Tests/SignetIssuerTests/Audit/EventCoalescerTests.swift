import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct EventCoalescerTests {
    private static let start = WallClock.start
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

    private static func coalescer(limits: AuditLimits = limits) -> EventCoalescer {
        EventCoalescer(budget: AuditBudget(limits: limits))
    }

    private static func take(
        _ coalescer: inout EventCoalescer, at now: Timestamp, everything: Bool = false
    ) -> [CoalescedEvent] {
        coalescer.take(at: now, everything: everything, limit: 100_000)
    }

    @Test func `equal events become one record per minute, which counts them`() {
        var coalescer = Self.coalescer()
        let user = UserID.random()
        var written: [(second: Int, count: UInt32)] = []
        // Add ten equal events per second for three minutes, and none for two more minutes. Every second, take the
        // events that are due to be written as audit records.
        for second in 0..<300 {
            let now = Self.start + .seconds(second)
            if second < 180 {
                for number in 0..<10 { coalescer.add(Self.refusal(of: user, device: "agent \(number)"), at: now) }
            }
            for event in Self.take(&coalescer, at: now) { written.append((second, event.count)) }
        }
        #expect(written.map(\.second) == [0, 60, 120, 180])
        #expect(written.map(\.count) == [10, 600, 600, 590])
        #expect(coalescer.count == 0)
    }

    @Test func `events with another account, address or reason become another record`() {
        var coalescer = Self.coalescer()
        let (ada, bob) = (UserID.random(), UserID.random())
        let events = [
            Self.refusal(of: ada), Self.refusal(of: bob), Self.refusal(of: ada, at: "192.0.2.2"),
            Self.refusal(of: ada, reason: "account_disabled"), Self.refusal(),
        ]
        for event in events + events { coalescer.add(event, at: Self.start) }
        let taken = Self.take(&coalescer, at: Self.start)
        #expect(Set(taken.map(\.event)) == Set(events))
        #expect(taken.allSatisfy { $0.count == 2 })
    }

    @Test func `a record has the time and the User-Agent of the first event`() {
        var coalescer = Self.coalescer()
        coalescer.add(Self.refusal(device: "first"), at: Self.start)
        coalescer.add(Self.refusal(device: "second"), at: Self.start + .milliseconds(500))
        let taken = Self.take(&coalescer, at: Self.start + .seconds(1))
        #expect(taken.map(\.event.source.device) == ["first"])
        #expect(taken.map(\.first) == [Self.start])
    }

    @Test func `taking everything returns events that are not due yet`() {
        var coalescer = Self.coalescer()
        coalescer.add(Self.refusal(), at: Self.start)
        #expect(Self.take(&coalescer, at: Self.start).count == 1)
        coalescer.add(Self.refusal(), at: Self.start + .seconds(1))
        #expect(Self.take(&coalescer, at: Self.start + .seconds(2)).isEmpty)
        #expect(Self.take(&coalescer, at: Self.start + .seconds(2), everything: true).map(\.count) == [1])
        #expect(Self.take(&coalescer, at: Self.start + .seconds(2), everything: true).isEmpty)
        #expect(coalescer.count == 0)
    }

    @Test func `requeued events are counted with events that were added meanwhile`() {
        var coalescer = Self.coalescer()
        for _ in 0..<3 { coalescer.add(Self.refusal(), at: Self.start) }
        let taken = Self.take(&coalescer, at: Self.start)
        coalescer.add(Self.refusal(), at: Self.start + .seconds(1))
        coalescer.requeue(taken)
        #expect(Self.take(&coalescer, at: Self.start + .seconds(60)).map(\.count) == [4])
    }

    @Test func `if the clock steps back, an event is due at once`() {
        var coalescer = Self.coalescer()
        coalescer.add(Self.refusal(), at: Self.start)
        _ = Self.take(&coalescer, at: Self.start)
        let back = Self.start - .seconds(3600)
        coalescer.add(Self.refusal(), at: back)
        #expect(Self.take(&coalescer, at: back).map(\.count) == [1])
    }

    @Test func `a flood of different events is counted in summaries, and memory is bounded`() {
        var coalescer = Self.coalescer()
        var (written, summed, most) = (0, UInt32(0), 0)
        for second in 0..<1_200 {
            let now = Self.start + .seconds(second)
            for number in 0..<50 {
                coalescer.add(Self.refusal(of: UserID.random(), at: "10.\(second % 256).\(number).1"), at: now)
            }
            most = max(most, coalescer.count)
            for event in Self.take(&coalescer, at: now) {
                written += 1
                guard event.event.reason == EventCoalescer.summaryReason else { continue }
                summed += event.count
                #expect(event.event.subject == nil && event.event.source == .unknown && event.event.type == .login)
            }
        }
        let rest = Self.take(&coalescer, at: Self.start + .seconds(1_200), everything: true)
        summed += rest.filter { $0.event.reason == EventCoalescer.summaryReason }.map(\.count).reduce(0, +)
        let budget = AuditBudget(limits: Self.limits)
        let burst = Int(AuditBudget.burst(perMinute: budget.refusedPerMinute))
        #expect(written <= burst + Int(20 * budget.refusedPerMinute) + 21)
        #expect(most <= burst + 2)
        // Each of the 60,000 events has a record of its own or is counted in a summary record. The budget allows
        // `burst` records at once, and `refusedPerMinute` more records in each of the 20 minutes.
        #expect(60_000 - Int(summed) <= burst + Int(20 * budget.refusedPerMinute) + 1)
        #expect(60_000 - Int(summed) >= burst)
    }

    @Test func `a summary has the time of the first event that it counts, also after events were put back`() throws {
        var coalescer = Self.coalescer()
        let budget = AuditBudget(limits: Self.limits)
        for _ in 0..<Int(AuditBudget.burst(perMinute: budget.refusedPerMinute)) {
            coalescer.add(Self.refusal(of: .random()), at: Self.start)
        }
        _ = Self.take(&coalescer, at: Self.start)
        func takeSummary(at now: Timestamp) throws -> CoalescedEvent {
            let taken = Self.take(&coalescer, at: now, everything: true)
            return try #require(taken.first { $0.event.reason == EventCoalescer.summaryReason })
        }
        let times = (1...4).map { Self.start + .milliseconds($0 * 100) }
        for time in times[..<3] { coalescer.add(Self.refusal(of: .random()), at: time) }
        let summary = try takeSummary(at: times[3])
        #expect(summary.first == times[0] && summary.count == 3)
        coalescer.add(Self.refusal(of: .random()), at: times[3])
        coalescer.requeue([summary])
        let again = try takeSummary(at: times[3])
        #expect(again.first == times[0] && again.count == 4)
    }

    @Test func `replays do not use up the budget of refusals`() {
        var coalescer = Self.coalescer()
        for _ in 0..<20_000 {
            let user = UserID.random()
            coalescer.add(
                AuditEvent(.refreshReplayed, by: .user(user), subject: user, family: .random()), at: Self.start)
        }
        _ = Self.take(&coalescer, at: Self.start)
        coalescer.add(Self.refusal(of: .random()), at: Self.start + .seconds(1))
        let taken = Self.take(&coalescer, at: Self.start + .seconds(1))
        #expect(taken.contains { $0.event.type == .login && $0.event.reason == "wrong_password" })
    }

    @Test(arguments: [
        AuditLimits(), AuditLimits(maximumBytes: 16 << 20), AuditLimits(retention: .seconds(3600)),
        AuditLimits(retention: .seconds(3650 * 86_400), maximumBytes: 1 << 40),
    ])
    func `a flood of refusals and replays fills at most half of the log`(limits: AuditLimits) throws {
        let budget = AuditBudget(limits: limits)
        let minutes = Double(limits.retention.components.seconds) / 60
        // An audit record whose fields have their maximum length.
        let largest = AuditRecord(
            sequence: 1, time: Self.start, type: .login, actor: .user(.random()), subject: .random(),
            familyID: .random(), object: String(repeating: "o", count: 64), address: String(repeating: "a", count: 64),
            userAgent: String(repeating: "u", count: 200), reason: String(repeating: "r", count: 32),
            previousHash: AuditLink.start.hash)
        let perRecord = Double(try largest.encoded().count + 100)
        let summaries = limits.retention / budget.summaryInterval * 8 * 200
        // `taken` is the size in bytes of all records that a steady flood may add during the retention time. The budget
        // also allows one burst at the start of the flood, which `taken` leaves out.
        let taken = (budget.refusedPerMinute + budget.replayedPerMinute) * minutes * perRecord + summaries
        #expect(taken <= Double(limits.maximumBytes) / 2)
        #expect(budget.refusedPerMinute > 0 && budget.summaryInterval >= .seconds(60))
    }

    @Test func `a token bucket refills with time, and not when the clock steps back`() {
        var bucket = TokenBucket(burst: 2, perMinute: 6)
        func takes(_ second: Int) -> Bool { bucket.take(at: Self.start + .seconds(second)) }
        #expect([takes(0), takes(0), takes(0), takes(9)] == [true, true, false, false])
        #expect([takes(10), takes(10)] == [true, false])
        #expect([takes(-1000), takes(-991), takes(-980)] == [false, false, true])
        #expect([takes(100_000), takes(100_000), takes(100_000)] == [true, true, false])
    }
}
