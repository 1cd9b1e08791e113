import Glibc
import SignetStore
import Synchronization

// The folder LoginThrottle decides from earlier failed logins whether a new login must wait before its password is
// checked. It does not see passwords and does not read the store.

/// Delays logins after failed ones, per account and per network. It remembers a bounded number of accounts and
/// networks.
///
/// Unknown accounts are treated like known ones. No account is locked: the wait has a maximum, and a login that is
/// refused during the wait does not lengthen it. If the user has a live session at an address, failed logins elsewhere
/// cause no wait at that address.
final class LoginThrottle: Sendable {
    static let defaultCapacity = 20_000

    private let capacity: Int
    private let failures = Mutex<[LoginAttempt.Subject: Entry]>([:])

    /// The failed logins of one account or network, and the admitted ones whose result is not known yet.
    private struct Entry {
        /// Counts an attempt that counts in advance as a failure at the time of its admission.
        var failures: LoginFailures
        /// Number of attempts that count in advance and whose result is not known yet.
        var undecided = 0
        /// When the last login failed; `nil` if all attempts in `failures` count in advance.
        var lastFailure: Timestamp?

        /// Takes back an attempt that counted in advance. After the last undecided attempt, the time of the last real
        /// failure counts again, so that the attempt neither restarts the wait nor prolongs the memory of failures.
        /// - Returns: `nil` if no failure is left.
        func withoutUndecided() -> Entry? {
            guard failures.count > 1 else { return nil }
            var entry = self
            entry.failures.count -= 1
            entry.undecided = max(0, undecided - 1)
            if entry.undecided == 0, let lastFailure { entry.failures.last = lastFailure }
            return entry
        }
    }

    /// Creates a throttle that remembers at most `capacity` accounts and networks.
    init(capacity: Int = defaultCapacity) { self.capacity = capacity }

    /// Number of accounts and networks whose failed logins are remembered.
    var count: Int { failures.withLock { $0.count } }

    /// Admits a login attempt, or refuses it. After several failed logins to the account, or from the network of the
    /// address, attempts must wait, and only one attempt is admitted at a time.
    ///
    /// After an admitted attempt, call ``failed(_:at:)``, ``succeeded(_:)`` or ``abandoned(_:)``.
    /// - Parameters:
    ///   - account: normalised e-mail address.
    ///   - isFamiliar: `true` if the account has a live session at the caller's address.
    /// - Throws: `tooManyAttempts` if the caller must wait.
    func admit(
        account: String, address: String, isFamiliar: Bool, at now: Timestamp
    ) throws(IssuerError) -> LoginAttempt {
        let network = LoginNetwork(address: address).text
        let rules: [(subject: LoginAttempt.Subject, policy: LoginThrottlePolicy)] = [
            (isFamiliar ? .familiar(account: account, network: network) : .account(account), .account),
            (.network(network), .network),
        ]
        let result: Result<LoginAttempt, IssuerError> = failures.withLock { failures in
            let waits = rules.map { rule in
                failures[rule.subject].map { rule.policy.remaining(after: $0.failures, at: now) }
            }
            if let longest = waits.compactMap(\.self).max(), longest > .zero {
                return .failure(Self.refusal(longest))
            }
            // Counts the attempt as a failure of the account before its result is known. Otherwise many simultaneous
            // attempts would all be admitted. A network counts an attempt in advance only while its logins are already
            // delayed, because many people may share the network.
            let counted = rules.map { rule in
                (
                    rule.subject,
                    rule.subject.isAccount
                        || failures[rule.subject].map { rule.policy.isDelaying($0.failures, at: now) } ?? false
                )
            }
            for case (let subject, true) in counted { count(subject, in: &failures, at: now, inAdvance: true) }
            return .success(LoginAttempt(counted: counted))
        }
        return try result.get()
    }

    /// Records that the password of an admitted login was wrong. The wait starts at `now`, not at the admission.
    func failed(_ attempt: LoginAttempt, at now: Timestamp) {
        failures.withLock { failures in
            for (subject, inAdvance) in attempt.counted {
                if !inAdvance {
                    count(subject, in: &failures, at: now, inAdvance: false)
                } else if var entry = failures[subject] {
                    entry.failures.last = now
                    entry.lastFailure = now
                    entry.undecided = max(0, entry.undecided - 1)
                    failures[subject] = entry
                }
            }
        }
    }

    /// Records that the password was right, and forgets the failures of the account. Keeps the failures of the network:
    /// otherwise an attacker who has an account could log in to it and so clear the failures.
    func succeeded(_ attempt: LoginAttempt) {
        failures.withLock { failures in
            for (subject, inAdvance) in attempt.counted {
                switch subject {
                case .account, .familiar: failures[subject] = nil
                case .network: if inAdvance { failures[subject] = failures[subject]?.withoutUndecided() }
                }
            }
        }
    }

    /// Records that the password of an admitted login was not checked. The login then does not count as a failure, and
    /// causes no wait.
    func abandoned(_ attempt: LoginAttempt) {
        failures.withLock { failures in
            for case (let subject, true) in attempt.counted {
                failures[subject] = failures[subject]?.withoutUndecided()
            }
        }
    }

    private static func refusal(_ wait: Duration) -> IssuerError {
        let (seconds, attoseconds) = wait.components
        return IssuerError(
            .tooManyAttempts, "failed logins of this account or from this address",
            retryAfter: Int(seconds) + (attoseconds > 0 ? 1 : 0))
    }

    private func count(
        _ subject: LoginAttempt.Subject, in failures: inout [LoginAttempt.Subject: Entry], at now: Timestamp,
        inAdvance: Bool
    ) {
        let before = failures[subject].flatMap { $0.failures.areForgotten(at: now) ? nil : $0 }
        var entry = before ?? Entry(failures: LoginFailures(count: 0, last: now))
        entry.failures = LoginFailures(count: entry.failures.count + 1, last: now)
        if inAdvance { entry.undecided += 1 } else { entry.lastFailure = now }
        failures[subject] = entry
        guard failures.count > capacity else { return }
        Self.makeRoom(in: &failures, capacity: capacity, at: now)
    }

    /// Makes room in the full table of failed logins. First removes the entries whose failures are too old to count. If
    /// less than an eighth of the table is then free, removes the entries with the fewest failures, oldest first. An
    /// attacker who fills the table with single failures therefore does not displace entries with many failures.
    private static func makeRoom(
        in failures: inout [LoginAttempt.Subject: Entry], capacity: Int, at now: Timestamp
    ) {
        failures = failures.filter { !$0.value.failures.areForgotten(at: now) }
        let target = capacity - capacity / 8
        guard failures.count > target else { return }
        let ranked = failures.mapValues(\.failures).sorted {
            ($0.value.count, $0.value.last) < ($1.value.count, $1.value.last)
        }
        for (subject, _) in ranked.prefix(failures.count - target) { failures[subject] = nil }
    }
}

/// An admitted login whose result is not known yet.
struct LoginAttempt: Sendable {
    /// The account or network that failures are counted for.
    enum Subject: Hashable, Sendable {
        /// An account, for attempts from networks where the account has no live session.
        case account(String)
        /// An account, for attempts from one network where the account has a live session. Failed attempts from other
        /// networks do not count here.
        case familiar(account: String, network: String)
        case network(String)

        var isAccount: Bool {
            if case .network = self { false } else { true }
        }
    }

    /// Two elements: the login's account and its network. `inAdvance` is `true` if the login already counts as a
    /// failure of this account or network, although the password has not been checked yet.
    let counted: [(subject: Subject, inAdvance: Bool)]
}

/// The network that an address belongs to. All addresses of an IPv6 /64 are one network, because a /64 usually belongs
/// to one subscriber.
struct LoginNetwork: Sendable {
    /// For an IPv6 address, its /64 prefix. Any other address is unchanged.
    let text: String

    init(address: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard address.utf8.contains(UInt8(ascii: ":")), unsafe inet_pton(AF_INET6, address, &bytes) == 1,
            // An IPv4-mapped address (RFC 4291 §2.5.5.2) is not cut to its /64 prefix, because all IPv4-mapped
            // addresses have the same /64 prefix.
            !bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        else {
            text = address
            return
        }
        text = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}
