package import SignetStore

/// How long a caller must wait after failed logins. After ``freeFailures`` failures the wait is one second. Each
/// further failure doubles the wait, up to ``longest``.
package struct LoginThrottlePolicy: Sendable, Hashable {
    /// The policy for one account: 5 attempts may fail without a wait, then 1 s, 2 s, 4 s … 60 s.
    package static let account = LoginThrottlePolicy(freeFailures: 5, longest: .seconds(60))
    /// The policy for one network, which many people may share: 50 attempts may fail, then 1 s, 2 s, 4 s … 15 s.
    package static let network = LoginThrottlePolicy(freeFailures: 50, longest: .seconds(15))
    /// If no login has failed for this long, all earlier failed logins are forgotten.
    package static let memory = Duration.seconds(15 * 60)

    /// Number of login attempts that may fail before the first wait.
    package let freeFailures: Int
    /// Maximum wait after a failed login.
    package let longest: Duration

    package init(freeFailures: Int, longest: Duration) {
        self.freeFailures = freeFailures
        self.longest = longest
    }

    /// Returns `true` if ``freeFailures`` logins have failed. From then on only one login attempt is admitted at a
    /// time.
    package func isDelaying(_ failures: LoginFailures, at now: Timestamp) -> Bool {
        !failures.areForgotten(at: now) && failures.count >= freeFailures
    }

    /// Remaining wait before the next login attempt. Zero or a negative value means no wait.
    package func remaining(after failures: LoginFailures, at now: Timestamp) -> Duration {
        let elapsed = now.since(failures.last)
        // If the clock was set back to before the last failure, there is no wait. Otherwise the wait could be very
        // long.
        guard isDelaying(failures, at: now), elapsed >= .zero else { return .zero }
        let doublings = min(failures.count - freeFailures, 20)
        return min(.seconds(1 << doublings), longest) - elapsed
    }
}

/// The failed logins of one account or network.
package struct LoginFailures: Sendable, Hashable {
    package var count: Int
    /// When the last login failed, or was counted as a failure before its result was known.
    package var last: Timestamp

    package init(count: Int, last: Timestamp) {
        self.count = count
        self.last = last
    }

    package func areForgotten(at now: Timestamp) -> Bool { now.since(last) >= LoginThrottlePolicy.memory }
}
