package import SignetStore

/// How long to wait after failed logins: nothing at first, then twice as long with every failure, up to a bound.
package struct LoginThrottlePolicy: Sendable, Hashable {
    /// For one account: 5 failures are free, then 1 s, 2 s, 4 s … 60 s.
    package static let account = LoginThrottlePolicy(freeFailures: 5, longest: .seconds(60))
    /// For one address, which may serve many people: 50 failures are free, then 1 s … 15 s.
    package static let address = LoginThrottlePolicy(freeFailures: 50, longest: .seconds(15))
    /// After this long without a failure, all are forgotten.
    package static let memory = Duration.seconds(15 * 60)

    /// How many failures cost nothing.
    package let freeFailures: Int
    /// No wait is longer.
    package let longest: Duration

    package init(freeFailures: Int, longest: Duration) {
        self.freeFailures = freeFailures
        self.longest = longest
    }

    /// Whether one more try may only be made alone: its outcome decides before the next one is let in.
    package func isDelaying(_ failures: LoginFailures, at now: Timestamp) -> Bool {
        !failures.areForgotten(at: now) && failures.count >= freeFailures
    }

    /// How much longer to wait before the next try; zero or less for not at all.
    ///
    /// A clock that stepped back behind the last failure ends the wait: it must never lock anybody out.
    package func remaining(after failures: LoginFailures, at now: Timestamp) -> Duration {
        let elapsed = now.since(failures.last)
        guard isDelaying(failures, at: now), elapsed >= .zero else { return .zero }
        let doublings = min(failures.count - freeFailures, 20)
        return min(.seconds(1 << doublings), longest) - elapsed
    }
}
