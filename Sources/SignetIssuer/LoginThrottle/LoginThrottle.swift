import Glibc
import SignetStore
import Synchronization

// This folder decides whether a password may be tried now, from earlier failures alone. It does not see passwords, and the
// caller tells it whether an address is familiar.

/// Delays logins after failures, per account and per network, in bounded memory of this process.
///
/// Unknown accounts are treated like known ones. Nobody is locked out: the wait is bounded, a refused attempt does not
/// lengthen it, and failures at other addresses do not delay a user at a familiar address.
final class LoginThrottle: Sendable {
    static let defaultCapacity = 20_000

    private let capacity: Int
    private let failures = Mutex<[LoginAttempt.Subject: LoginFailures]>([:])

    /// - Parameter capacity: maximum number of accounts and networks in memory.
    init(capacity: Int = defaultCapacity) { self.capacity = capacity }

    /// Number of accounts and networks in memory.
    var count: Int { failures.withLock { $0.count } }

    /// Admits one attempt. Once attempts are delayed, one is admitted at a time. Report the result with ``failed(_:at:)``,
    /// ``succeeded(_:)`` or ``abandoned(_:)``.
    /// - Parameters:
    ///   - account: normalised e-mail address.
    ///   - isFamiliar: whether the account has a living session at this address.
    /// - Throws: `tooManyAttempts`.
    func admit(
        account: String, address: String, isFamiliar: Bool, at now: Timestamp
    ) throws(IssuerError) -> LoginAttempt {
        let network = LoginNetwork(address: address).text
        let rules: [(subject: LoginAttempt.Subject, policy: LoginThrottlePolicy)] = [
            (isFamiliar ? .familiar(account: account, network: network) : .account(account), .account),
            (.network(network), .network),
        ]
        let result: Result<LoginAttempt, IssuerError> = failures.withLock { failures in
            let waits = rules.map { rule in failures[rule.subject].map { rule.policy.remaining(after: $0, at: now) } }
            if let longest = waits.compactMap(\.self).max(), longest > .zero {
                return .failure(Self.refusal(longest))
            }
            // An attempt at an account counts as failed until it succeeds. Otherwise attempts that arrive together would
            // all be admitted. At a network, which many people may share, this begins with the first delay.
            let counted = rules.map { rule in
                (
                    rule.subject,
                    rule.subject.isAccount
                        || failures[rule.subject].map { rule.policy.isDelaying($0, at: now) } ?? false
                )
            }
            for case (let subject, true) in counted { count(subject, in: &failures, at: now) }
            return .success(LoginAttempt(counted: counted))
        }
        return try result.get()
    }

    /// The password was wrong. The wait starts now, not at the admission.
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

    /// The password was right: the failures of the account are forgotten. Those of the network are not, because one
    /// account of an attacker would otherwise free the network for attempts at other accounts.
    func succeeded(_ attempt: LoginAttempt) {
        failures.withLock { failures in
            for (subject, inAdvance) in attempt.counted {
                switch subject {
                case .account, .familiar: failures[subject] = nil
                case .network: if inAdvance { failures[subject]?.count -= 1 }
                }
            }
        }
    }

    /// The password was not checked, so the attempt does not count.
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
        let before = failures[subject].flatMap { $0.areForgotten(at: now) ? nil : $0.count } ?? 0
        failures[subject] = LoginFailures(count: before + 1, last: now)
        guard failures.count > capacity else { return }
        Self.makeRoom(in: &failures, capacity: capacity, at: now)
    }

    /// Removes forgotten failures. If that frees less than an eighth of the capacity, removes the subjects with the fewest
    /// failures, oldest first. An attacker who fills the table with single failures then removes only those.
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

/// An admitted login whose result is not known yet.
struct LoginAttempt: Sendable {
    /// What failures are counted for.
    enum Subject: Hashable, Sendable {
        /// An account, tried from networks where it has no living session.
        case account(String)
        /// An account, tried from a network where it has a living session. Strangers elsewhere cannot delay this user.
        case familiar(account: String, network: String)
        case network(String)

        var isAccount: Bool {
            if case .network = self { false } else { true }
        }
    }

    /// The subjects of the attempt, each with whether it was counted as failed at admission.
    let counted: [(subject: Subject, inAdvance: Bool)]
}

/// The network of an address. All 2⁶⁴ addresses of an IPv6 /64 count as one network, because one subscriber has them.
struct LoginNetwork: Sendable {
    /// The first 64 bits of an IPv6 address; any other text unchanged.
    let text: String

    init(address: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard address.utf8.contains(UInt8(ascii: ":")), unsafe inet_pton(AF_INET6, address, &bytes) == 1,
            // An IPv4-mapped address (RFC 4291 §2.5.5.2) belongs to one host.
            !bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        else {
            text = address
            return
        }
        text = bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}
