import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginThrottleTests {
    static let start = TestClock.start

    static func admit(
        _ gate: LoginThrottle, account: String = "ada", address: String = "192.0.2.1", isFamiliar: Bool = false,
        at now: Timestamp = start
    ) throws(IssuerError) -> LoginAttempt {
        try gate.admit(account: account, address: address, isFamiliar: isFamiliar, at: now)
    }

    @Test func `tries that arrive together get no further than those that follow each other`() throws {
        let gate = LoginThrottle()
        let attempts = try (0..<5).map { _ in try Self.admit(gate) }
        #expect(throws: IssuerError(.tooManyAttempts, "")) { try Self.admit(gate) }
        gate.abandoned(attempts[0])
        gate.succeeded(try Self.admit(gate))
        _ = try Self.admit(gate)
    }

    /// Lets tries in at once and has them all fail.
    static func fail(
        _ gate: LoginThrottle, times: Int = 1, account: String = "ada", address: String = "192.0.2.1",
        isFamiliar: Bool = false, at now: Timestamp = start
    ) throws {
        let attempts = try (0..<times).map { _ in
            try admit(gate, account: account, address: address, isFamiliar: isFamiliar, at: now)
        }
        for attempt in attempts { gate.failed(attempt, at: now) }
    }

    @Test func `once tries are delayed only one is let in at a time`() throws {
        let gate = LoginThrottle()
        try Self.fail(gate, times: 5)
        let later = Self.start + .seconds(1)
        let attempt = try Self.admit(gate, at: later)
        #expect(throws: IssuerError(.tooManyAttempts, "")) { try Self.admit(gate, at: later) }
        gate.failed(attempt, at: later)
        // Counted once, not twice: the wait after six failures is two seconds.
        #expect(throws: IssuerError.self) { try Self.admit(gate, at: later + .milliseconds(1999)) }
        _ = try Self.admit(gate, at: later + .seconds(2))
    }

    @Test func `a try whose outcome nobody knows does not count`() throws {
        let gate = LoginThrottle()
        try Self.fail(gate, times: 4)
        for _ in 0..<10 { gate.abandoned(try Self.admit(gate)) }
        try Self.fail(gate)
        let later = Self.start + .seconds(1)
        gate.abandoned(try Self.admit(gate, at: later))
        _ = try Self.admit(gate, at: later + .seconds(1))
    }

    @Test func `being turned away does not lengthen the wait`() throws {
        let gate = LoginThrottle()
        try Self.fail(gate, times: 5)
        try Self.fail(gate, at: Self.start + .seconds(1))
        try Self.fail(gate, at: Self.start + .seconds(3))
        for _ in 0..<100 { #expect(throws: IssuerError.self) { try Self.admit(gate, at: Self.start + .seconds(6)) } }
        _ = try Self.admit(gate, at: Self.start + .seconds(7))
    }

    @Test func `many accounts from one address make the address wait, and a success does not free it`() throws {
        let gate = LoginThrottle()
        for number in 0..<50 { try Self.fail(gate, account: "user\(number)") }
        #expect(throws: IssuerError.self) { try Self.admit(gate, account: "other") }
        let later = Self.start + .seconds(1)
        gate.succeeded(try Self.admit(gate, account: "mine", at: later))
        #expect(throws: IssuerError.self) { try Self.admit(gate, account: "other", at: later) }
        _ = try Self.admit(gate, account: "other", address: "192.0.2.2", at: later)
    }

    @Test func `a familiar address counts its own failures`() throws {
        let gate = LoginThrottle()
        try Self.fail(gate, times: 5, isFamiliar: true)
        #expect(throws: IssuerError.self) { try Self.admit(gate, isFamiliar: true) }
        _ = try Self.admit(gate, isFamiliar: false)
    }

    @Test func `memory is bounded and a flood of single failures drops its own first`() throws {
        let gate = LoginThrottle(capacity: 100)
        try Self.fail(gate, times: 5, account: "victim", address: "192.0.2.9")
        for number in 0..<1000 { try Self.fail(gate, account: "user\(number)", address: "10.0.0.\(number)") }
        #expect(gate.count <= 100)
        #expect(throws: IssuerError.self) { try Self.admit(gate, account: "victim", address: "192.0.2.10") }
    }

    @Test(arguments: [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::7", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("192.0.2.1", "192.0.2.2", false), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
        ("192.0.2.1", "192.0.2.1", true), ("", "", true), ("not:an:address", "not:another", false),
    ])
    func `an IPv6 subscriber is one network and an IPv4 host is one`(left: String, right: String, same: Bool) {
        #expect((LoginNetwork(address: left).text == LoginNetwork(address: right).text) == same)
    }
}
