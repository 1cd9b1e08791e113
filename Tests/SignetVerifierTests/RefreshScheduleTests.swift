import Testing

@testable import SignetVerifier

@Suite("The refresh schedule")
struct RefreshScheduleTests {
    private let start = ContinuousClock.now

    private func schedule(waitsForCooldownWhileUsable: Bool = false) -> RefreshSchedule {
        RefreshSchedule(
            .init(
                refreshAhead: 0.75, firstRetry: .seconds(1), cooldown: .seconds(10), fetchTimeout: .seconds(5),
                outageWindow: .seconds(60), waitsForCooldownWhileUsable: waitsForCooldownWhileUsable))
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// Reports a fetch attempt that starts and fails at the time `seconds`.
    private func fail(_ schedule: inout RefreshSchedule, at seconds: Double) {
        schedule.attemptStarted(at: at(seconds))
        schedule.attemptFailed("down", at: at(seconds))
    }

    @Test func `allows the first attempt at once and has no usable document before it`() {
        let schedule = schedule()
        #expect(!schedule.isUsable(at: start))
        #expect(!schedule.isRefreshDue(at: start))
        #expect(schedule.mayAttempt(at: start))
        #expect(schedule.hasCooledDown(at: start))
        #expect(schedule.retryAfter(at: start) == .seconds(1))
    }

    @Test func `is due for a refresh after a part of the lifetime`() {
        var schedule = schedule()
        schedule.attemptStarted(at: start)
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        #expect(!schedule.isRefreshDue(at: at(74.999)))
        #expect(schedule.isRefreshDue(at: at(75)))
        #expect(schedule.isUsable(at: at(75)))
    }

    @Test func `ends the use of a document with its lifetime if no attempt failed`() {
        var schedule = schedule()
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        #expect(schedule.isUsable(at: at(99.999)))
        #expect(!schedule.isUsable(at: at(100)))
    }

    @Test func `doubles the pause after every failure in a row up to the cooldown`() {
        var schedule = schedule()
        var now = 0.0
        for pause in [1.0, 2, 4, 8, 10, 10] {
            fail(&schedule, at: now)
            #expect(!schedule.mayAttempt(at: at(now + pause - 0.001)), "pause of \(pause) s")
            #expect(schedule.mayAttempt(at: at(now + pause)), "pause of \(pause) s")
            #expect(schedule.retryAfter(at: at(now)) == .seconds(pause))
            now += pause
        }
    }

    @Test func `survives any number of failures in a row`() {
        var schedule = schedule()
        for _ in 0..<1000 { fail(&schedule, at: 0) }
        #expect(schedule.failure?.count == 1000)
        #expect(!schedule.mayAttempt(at: at(9.999)))
        #expect(schedule.mayAttempt(at: at(10)))
    }

    @Test func `starts with the first pause again after a success`() {
        var schedule = schedule()
        for second in [0.0, 1, 3] { fail(&schedule, at: second) }
        schedule.attemptStarted(at: at(7))
        schedule.attemptSucceeded(lifetime: .seconds(1), from: at(7))
        #expect(schedule.failure == nil)
        fail(&schedule, at: 8)
        #expect(schedule.mayAttempt(at: at(9)))
    }

    @Test(arguments: [(false, 1.0), (true, 10)])
    func `waits for the cooldown while the document is usable only if the policy says so`(
        waits: Bool, pause: Double
    ) {
        var schedule = schedule(waitsForCooldownWhileUsable: waits)
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        fail(&schedule, at: 80)
        #expect(!schedule.isRefreshDue(at: at(80 + pause - 0.001)))
        #expect(schedule.isRefreshDue(at: at(80 + pause)))
    }

    @Test func `keeps an expired document usable during an outage, for the outage window`() {
        var schedule = schedule()
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        for second in stride(from: 95.0, to: 165, by: 5) { fail(&schedule, at: second) }
        #expect(schedule.isUsable(at: at(159.999)))
        #expect(!schedule.isUsable(at: at(160)))
    }

    @Test func `does not take an old failure for an outage`() {
        var schedule = schedule()
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        fail(&schedule, at: 95)
        // A failed attempt counts as an outage for 35 s: two cooldowns of 10 s and three timeouts of 5 s. So the
        // failure at 95 s keeps the expired document usable until 130 s.
        #expect(schedule.isUsable(at: at(129.999)))
        #expect(!schedule.isUsable(at: at(130)))
    }

    @Test func `has cooled down after a cooldown since the last attempt, failed or not`() {
        var schedule = schedule()
        schedule.attemptStarted(at: start)
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        #expect(!schedule.hasCooledDown(at: at(9.999)))
        #expect(schedule.hasCooledDown(at: at(10)))
        fail(&schedule, at: 20)
        #expect(!schedule.hasCooledDown(at: at(29.999)))
        #expect(schedule.hasCooledDown(at: at(30)))
    }

    @Test func `does not use a withdrawn document, not even during an outage`() {
        var schedule = schedule(waitsForCooldownWhileUsable: true)
        schedule.attemptSucceeded(lifetime: .seconds(100), from: start)
        schedule.attemptStarted(at: at(80))
        schedule.documentWithdrawn()
        schedule.attemptFailed("no usable key", at: at(80))
        #expect(!schedule.isUsable(at: at(80)))
        #expect(schedule.mayAttempt(at: at(81)))
    }
}
