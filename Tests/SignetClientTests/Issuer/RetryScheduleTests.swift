import Testing

@testable import SignetClient

@Suite("The schedule of retries")
struct RetryScheduleTests {
    private let schedule = RetrySchedule(maximumAttempts: 8)

    @Test func `doubles up to eight seconds and ends`() {
        let delays = (1...8).map { schedule.delay(afterAttempt: $0, retryAfter: nil, left: .seconds(75), chance: 1) }
        #expect(
            delays == [
                .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8),
                nil,
            ])
    }

    @Test func `randomises half of each wait`() {
        #expect(schedule.delay(afterAttempt: 3, retryAfter: nil, left: .seconds(75), chance: 0) == .milliseconds(500))
    }

    @Test func `waits at least Retry-After, and gives up if that exceeds 30 seconds`() {
        func delay(_ retryAfter: Int, afterAttempt attempt: Int = 1) -> Duration? {
            schedule.delay(afterAttempt: attempt, retryAfter: retryAfter, left: .seconds(75), chance: 1)
        }
        #expect(delay(30) == .seconds(30))
        #expect(delay(0) == .milliseconds(250))
        #expect(delay(-5) == .milliseconds(250))
        #expect(delay(31) == nil)
        #expect(delay(1, afterAttempt: 8) == nil)
    }

    @Test func `gives up if less than a second would be left`() {
        func delay(_ retryAfter: Int?, left: Duration) -> Duration? {
            schedule.delay(afterAttempt: 1, retryAfter: retryAfter, left: left, chance: 1)
        }
        #expect(delay(nil, left: .milliseconds(1250)) == .milliseconds(250))
        #expect(delay(nil, left: .milliseconds(1249)) == nil)
        #expect(delay(20, left: .seconds(21)) == .seconds(20))
        #expect(delay(20, left: .seconds(20)) == nil)
        #expect(delay(nil, left: .seconds(-1)) == nil)
    }
}
