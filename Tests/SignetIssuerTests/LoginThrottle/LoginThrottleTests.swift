import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginThrottleTests {
    static let start = WallClock.start

    static func admit(
        _ throttle: LoginThrottle, account: String = "ada", address: String = "192.0.2.1", isFamiliar: Bool = false,
        at now: Timestamp = start
    ) throws(IssuerError) -> LoginAttempt {
        try throttle.admit(account: account, address: address, isFamiliar: isFamiliar, at: now)
    }

    @Test func `of attempts that arrive together no more are admitted than of attempts in sequence`() throws {
        let throttle = LoginThrottle()
        let attempts = try (0..<5).map { _ in try Self.admit(throttle) }
        #expect(throws: IssuerError(.tooManyAttempts, "")) { try Self.admit(throttle) }
        throttle.abandoned(attempts[0])
        throttle.succeeded(try Self.admit(throttle))
        _ = try Self.admit(throttle)
    }

    /// Admits `times` login attempts at the same time and then reports every attempt as failed.
    static func fail(
        _ throttle: LoginThrottle, times: Int = 1, account: String = "ada", address: String = "192.0.2.1",
        isFamiliar: Bool = false, at now: Timestamp = start
    ) throws {
        let attempts = try (0..<times).map { _ in
            try admit(throttle, account: account, address: address, isFamiliar: isFamiliar, at: now)
        }
        for attempt in attempts { throttle.failed(attempt, at: now) }
    }

    @Test func `once attempts are delayed one is admitted at a time`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 5)
        let later = Self.start + .seconds(1)
        let attempt = try Self.admit(throttle, at: later)
        #expect(throws: IssuerError(.tooManyAttempts, "")) { try Self.admit(throttle, at: later) }
        throttle.failed(attempt, at: later)
        // After six failed logins, the wait is two seconds. If the throttle counted the sixth login twice (when it
        // admitted the login and when the login failed), the wait would be longer.
        #expect(throws: IssuerError.self) { try Self.admit(throttle, at: later + .milliseconds(1999)) }
        _ = try Self.admit(throttle, at: later + .seconds(2))
    }

    @Test func `the wait of an account begins with the failure, not with the admission`() throws {
        let throttle = LoginThrottle()
        let attempts = try (0..<5).map { _ in try Self.admit(throttle) }
        let failure = Self.start + .seconds(10)
        for attempt in attempts { throttle.failed(attempt, at: failure) }
        #expect(throws: IssuerError.self) { try Self.admit(throttle, at: failure + .milliseconds(999)) }
        _ = try Self.admit(throttle, at: failure + .seconds(1))
    }

    @Test func `the wait of a network begins with the failure, also for an attempt that counted at admission`() throws {
        let throttle = LoginThrottle()
        let attempts = try (0..<50).map { try Self.admit(throttle, account: "user\($0)") }
        let failure = Self.start + .seconds(10)
        for attempt in attempts { throttle.failed(attempt, at: failure) }
        #expect(throws: IssuerError.self) {
            try Self.admit(throttle, account: "other", at: failure + .milliseconds(999))
        }
        let next = try Self.admit(throttle, account: "other", at: failure + .seconds(1))
        throttle.failed(next, at: failure + .seconds(10))
        #expect(throws: IssuerError.self) {
            try Self.admit(throttle, account: "another", at: failure + .milliseconds(11_999))
        }
        _ = try Self.admit(throttle, account: "another", at: failure + .seconds(12))
    }

    @Test func `an abandoned attempt does not count`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 4)
        for _ in 0..<10 { throttle.abandoned(try Self.admit(throttle)) }
        try Self.fail(throttle)
        let later = Self.start + .seconds(1)
        throttle.abandoned(try Self.admit(throttle, at: later))
        _ = try Self.admit(throttle, at: later)
    }

    @Test func `an abandoned attempt does not prolong the memory of failures`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 5)
        let later = Self.start + LoginThrottlePolicy.memory - .milliseconds(1)
        throttle.abandoned(try Self.admit(throttle, at: later))
        // If the failures still counted, one of these attempts would have to wait.
        for _ in 0..<2 { _ = try Self.admit(throttle, at: later + .milliseconds(1)) }
    }

    @Test func `an abandoned attempt takes back only itself, if other attempts are undecided`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 3)
        let attempts = try (1...2).map { try Self.admit(throttle, at: Self.start + .seconds($0)) }
        throttle.abandoned(attempts[0])
        let third = try Self.admit(throttle, at: Self.start + .seconds(3))
        #expect(throws: IssuerError.self) { try Self.admit(throttle, at: Self.start + .seconds(3)) }
        throttle.failed(attempts[1], at: Self.start + .seconds(4))
        #expect(throws: IssuerError.self) { try Self.admit(throttle, at: Self.start + .milliseconds(4999)) }
        throttle.abandoned(third)
        _ = try Self.admit(throttle, at: Self.start + .seconds(4))
    }

    @Test func `an account or network whose only attempts were abandoned is not remembered`() throws {
        let throttle = LoginThrottle()
        for number in 0..<10 { throttle.abandoned(try Self.admit(throttle, account: "user\(number)")) }
        #expect(throttle.count == 0)
    }

    @Test func `a refused attempt does not lengthen the wait`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 5)
        try Self.fail(throttle, at: Self.start + .seconds(1))
        try Self.fail(throttle, at: Self.start + .seconds(3))
        for _ in 0..<100 {
            #expect(throws: IssuerError.self) { try Self.admit(throttle, at: Self.start + .seconds(6)) }
        }
        _ = try Self.admit(throttle, at: Self.start + .seconds(7))
    }

    @Test func `failures of many accounts delay their network, and a success does not end the delay`() throws {
        let throttle = LoginThrottle()
        for number in 0..<50 { try Self.fail(throttle, account: "user\(number)") }
        #expect(throws: IssuerError.self) { try Self.admit(throttle, account: "other") }
        let later = Self.start + .seconds(1)
        throttle.succeeded(try Self.admit(throttle, account: "mine", at: later))
        // The successful login neither restarts the wait of one second nor shortens the next one, of two seconds.
        try Self.fail(throttle, account: "other", at: later)
        #expect(throws: IssuerError.self) {
            try Self.admit(throttle, account: "another", at: later + .milliseconds(1999))
        }
        _ = try Self.admit(throttle, account: "another", address: "192.0.2.2", at: later)
        _ = try Self.admit(throttle, account: "another", at: later + .seconds(2))
    }

    @Test func `failures at a familiar address are counted separately`() throws {
        let throttle = LoginThrottle()
        try Self.fail(throttle, times: 5, isFamiliar: true)
        #expect(throws: IssuerError.self) { try Self.admit(throttle, isFamiliar: true) }
        _ = try Self.admit(throttle, isFamiliar: false)
    }

    @Test func `memory is bounded, and a flood of single failures removes only single failures`() throws {
        let throttle = LoginThrottle(capacity: 100)
        try Self.fail(throttle, times: 5, account: "victim", address: "192.0.2.9")
        for number in 0..<1000 { try Self.fail(throttle, account: "user\(number)", address: "10.0.0.\(number)") }
        #expect(throttle.count <= 100)
        #expect(throws: IssuerError.self) { try Self.admit(throttle, account: "victim", address: "192.0.2.10") }
    }

    @Test(arguments: [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::7", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("192.0.2.1", "192.0.2.2", false), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
        ("192.0.2.1", "192.0.2.1", true), ("", "", true), ("not:an:address", "not:another", false),
    ])
    func `an IPv6 /64 is one network and an IPv4 address is one`(left: String, right: String, same: Bool) {
        #expect((LoginNetwork(address: left).text == LoginNetwork(address: right).text) == same)
    }
}
