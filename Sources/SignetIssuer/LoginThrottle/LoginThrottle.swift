import SignetStore
import Synchronization

/// Lets logins in or asks to wait, by what failed before: per account and per address, in bounded memory.
///
/// Accounts that do not exist count like those that do. Nobody is locked out: a wait is bounded, being turned away does
/// not lengthen it, and an account's user is not delayed at an address where the account has a live session by what
/// strangers do elsewhere. A try of an account counts as failed until it has succeeded, so that tries which arrive together
/// get no further than those that follow each other; at an address, which many people may share, that begins with the
/// first delay. The memory is this process's own and empty after a restart.
final class LoginThrottle: Sendable {
    static let defaultCapacity = 20_000

    private let capacity: Int
    private let failures = Mutex<[LoginAttempt.Subject: LoginFailures]>([:])

    /// - Parameter capacity: Most accounts and addresses that are remembered.
    init(capacity: Int = defaultCapacity) { self.capacity = capacity }

    /// How many accounts and addresses are remembered.
    var count: Int { failures.withLock { $0.count } }

    /// Asks for one try.
    ///
    /// Once tries are delayed they are let in one at a time. Tell the outcome with ``failed(_:at:)``, ``succeeded(_:)`` or ``abandoned(_:)``.
    /// - Parameters:
    ///   - account: normalised e-mail address.
    ///   - isFamiliar: whether the account has a live session at this address.
    /// - Throws: `tooManyAttempts`.
    func admit(
        account: String, address: String, isFamiliar: Bool, at now: Timestamp
    ) throws(IssuerError) -> LoginAttempt {
        let network = LoginNetwork(address: address).text
        let rules: [(subject: LoginAttempt.Subject, delay: LoginThrottlePolicy)] = [
            (isFamiliar ? .familiar(account: account, address: network) : .account(account), .account),
            (.address(network), .address),
        ]
        let answer: Result<LoginAttempt, IssuerError> = failures.withLock { failures in
            let waits = rules.map { rule in failures[rule.subject].map { rule.delay.remaining(after: $0, at: now) } }
            if let longest = waits.compactMap(\.self).max(), longest > .zero {
                return .failure(Self.refusal(longest))
            }
            let counted = rules.map { rule in
                (
                    rule.subject,
                    rule.subject.isAccount
                        || failures[rule.subject].map { rule.delay.isDelaying($0, at: now) } ?? false
                )
            }
            for case (let subject, true) in counted { count(subject, in: &failures, at: now) }
            return .success(LoginAttempt(counted: counted))
        }
        return try answer.get()
    }

    /// The password was wrong.
    func failed(_ attempt: LoginAttempt, at now: Timestamp) {
        failures.withLock { failures in
            for (subject, inAdvance) in attempt.counted {
                if inAdvance {
                    failures[subject]?.last = now
                } else {
                    count(subject, in: &failures, at: now)
                }
            }
        }
    }

    /// The password was right: the account starts afresh. Its address does not, or one good account would open the
    /// way to all others.
    func succeeded(_ attempt: LoginAttempt) {
        failures.withLock { failures in
            for (subject, inAdvance) in attempt.counted {
                switch subject {
                case .account, .familiar: failures[subject] = nil
                case .address: if inAdvance { failures[subject]?.count -= 1 }
                }
            }
        }
    }

    /// Nobody knows whether the password was right: the try does not count.
    func abandoned(_ attempt: LoginAttempt) {
        failures.withLock { failures in
            for case (let subject, true) in attempt.counted { failures[subject]?.count -= 1 }
        }
    }

    private static func refusal(_ wait: Duration) -> IssuerError {
        let (seconds, attoseconds) = wait.components
        return IssuerError(
            .tooManyAttempts, "failed logins of this account or from this address",
            retryAfter: Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }

    private func count(
        _ subject: LoginAttempt.Subject, in failures: inout [LoginAttempt.Subject: LoginFailures], at now: Timestamp
    ) {
        let former = failures[subject].flatMap { $0.areForgotten(at: now) ? nil : $0.count } ?? 0
        failures[subject] = LoginFailures(count: former + 1, last: now)
        guard failures.count > capacity else { return }
        Self.makeRoom(in: &failures, capacity: capacity, at: now)
    }

    /// Drops what is forgotten anyway; if that is little, the eighth with the fewest failures, oldest first: whoever
    /// floods the table with single failures drops their own.
    private static func makeRoom(
        in failures: inout [LoginAttempt.Subject: LoginFailures], capacity: Int, at now: Timestamp
    ) {
        failures = failures.filter { !$0.value.areForgotten(at: now) }
        let target = capacity - capacity / 8
        guard failures.count > target else { return }
        let ranked = failures.sorted { ($0.value.count, $0.value.last) < ($1.value.count, $1.value.last) }
        for (subject, _) in ranked.prefix(failures.count - target) { failures[subject] = nil }
    }
}
