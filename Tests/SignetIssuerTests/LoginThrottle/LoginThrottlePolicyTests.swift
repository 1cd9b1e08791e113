import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginThrottlePolicyTests {
    static let start = WallClock.start

    @Test(arguments: [
        (0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 60), (12, 60), (1_000_000, 60),
    ])
    func `the wait for an account doubles after five failures, up to a minute`(failures: Int, seconds: Int) {
        let failures = LoginFailures(count: failures, last: Self.start)
        #expect(LoginThrottlePolicy.account.remaining(after: failures, at: Self.start) == .seconds(seconds))
    }

    @Test(arguments: [(49, 0), (50, 1), (53, 8), (54, 15), (1_000_000, 15)])
    func `the wait for a network doubles after 50 failures, up to 15 seconds`(failures: Int, seconds: Int) {
        let failures = LoginFailures(count: failures, last: Self.start)
        #expect(LoginThrottlePolicy.network.remaining(after: failures, at: Self.start) == .seconds(seconds))
    }

    @Test func `the wait decreases with time`() {
        let failures = LoginFailures(count: 7, last: Self.start)
        #expect(
            LoginThrottlePolicy.account.remaining(after: failures, at: Self.start + .milliseconds(3999))
                == .milliseconds(1))
        #expect(LoginThrottlePolicy.account.remaining(after: failures, at: Self.start + .seconds(4)) <= .zero)
    }

    @Test func `failures are forgotten after a quarter of an hour`() {
        let failures = LoginFailures(count: 100, last: Self.start)
        #expect(LoginThrottlePolicy.account.isDelaying(failures, at: Self.start + .seconds(899)))
        #expect(!LoginThrottlePolicy.account.isDelaying(failures, at: Self.start + .seconds(900)))
    }

    @Test func `if the clock steps back, there is no wait`() {
        let failures = LoginFailures(count: 100, last: Self.start)
        #expect(LoginThrottlePolicy.account.remaining(after: failures, at: Self.start - .milliseconds(1)) == .zero)
    }
}
