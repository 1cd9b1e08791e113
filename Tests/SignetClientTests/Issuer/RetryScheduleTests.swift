import Testing

@testable import SignetClient

@Suite("The schedule of retries")
struct RetryScheduleTests {
    private let schedule = RetrySchedule(maximumAttempts: 8)

    @Test("doubles up to eight seconds and ends")
    func doubling() {
        let delays = (1...8).map { schedule.delay(afterAttempt: $0, retryAfter: nil, chance: 1) }
        #expect(
            delays == [
                .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8),
                nil,
            ])
    }

    @Test("leaves half of a wait to chance")
    func chance() {
        #expect(schedule.delay(afterAttempt: 3, retryAfter: nil, chance: 0) == .milliseconds(500))
    }

    @Test("waits no shorter than Retry-After, and gives up beyond thirty seconds")
    func retryAfter() {
        #expect(schedule.delay(afterAttempt: 1, retryAfter: 30, chance: 1) == .seconds(30))
        #expect(schedule.delay(afterAttempt: 1, retryAfter: 0, chance: 1) == .milliseconds(250))
        #expect(schedule.delay(afterAttempt: 1, retryAfter: -5, chance: 1) == .milliseconds(250))
        #expect(schedule.delay(afterAttempt: 1, retryAfter: 31, chance: 1) == nil)
        #expect(schedule.delay(afterAttempt: 8, retryAfter: 1, chance: 1) == nil)
    }
}
