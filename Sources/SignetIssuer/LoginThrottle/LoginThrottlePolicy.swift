package import SignetStore

/// How long a caller must wait after failed logins: not at all after the first few failures, then twice as long after each
/// further failure, up to a maximum.
package struct LoginThrottlePolicy: Sendable, Hashable {
    /// For one account: 5 failures are free, then 1 s, 2 s, 4 s … 60 s.
    package static let account = LoginThrottlePolicy(freeFailures: 5, longest: .seconds(60))
    /// For one network, which many people may share: 50 failures are free, then 1 s, 2 s, 4 s … 15 s.
    package static let network = LoginThrottlePolicy(freeFailures: 50, longest: .seconds(15))
    /// Failures are forgotten after this time without another failure.
    package static let memory = Duration.seconds(15 * 60)

    /// Number of failures without a wait.
    package let freeFailures: Int
    /// Maximum wait.
    package let longest: Duration

    package init(freeFailures: Int, longest: Duration) {
        self.freeFailures = freeFailures
        self.longest = longest
    }

    /// Whether the free failures are used up. Then attempts are admitted one at a time.
    package func isDelaying(_ failures: LoginFailures, at now: Timestamp) -> Bool {
        !failures.areForgotten(at: now) && failures.count >= freeFailures
    }

    /// The remaining wait before the next attempt; zero or less if there is none.
    package func remaining(after failures: LoginFailures, at now: Timestamp) -> Duration {
        let elapsed = now.since(failures.last)
        // If the clock stepped back to before the last failure, there is no wait, because it could be arbitrarily long.
        guard isDelaying(failures, at: now), elapsed >= .zero else { return .zero }
        let doublings = min(failures.count - freeFailures, 20)
        return min(.seconds(1 << doublings), longest) - elapsed
    }
}

/// The failed logins of one account or network.
package struct LoginFailures: Sendable, Hashable {
    package var count: Int
    /// When the last failure happened.
    package var last: Timestamp

    package init(count: Int, last: Timestamp) {
        self.count = count
        self.last = last
    }

    package func areForgotten(at now: Timestamp) -> Bool { now.since(last) >= LoginThrottlePolicy.memory }
}
