import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginThrottlePolicyTests {
    static let start = TestClock.start

    @Test(arguments: [
        (0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 60), (12, 60), (1_000_000, 60),
    ])
    func `an account waits nothing, then doubling seconds, at most a minute`(failures: Int, seconds: Int) {
        let failures = LoginFailures(count: failures, last: Self.start)
        #expect(LoginThrottlePolicy.account.remaining(after: failures, at: Self.start) == .seconds(seconds))
    }

    @Test(arguments: [(49, 0), (50, 1), (53, 8), (54, 15), (1_000_000, 15)])
    func `an address has more failures free and shorter waits`(failures: Int, seconds: Int) {
        let failures = LoginFailures(count: failures, last: Self.start)
        #expect(LoginThrottlePolicy.address.remaining(after: failures, at: Self.start) == .seconds(seconds))
    }

    @Test func `the wait passes with time`() {
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

    @Test func `a clock that steps back locks nobody out`() {
        let failures = LoginFailures(count: 100, last: Self.start)
        #expect(LoginThrottlePolicy.account.remaining(after: failures, at: Self.start - .milliseconds(1)) == .zero)
    }
}
