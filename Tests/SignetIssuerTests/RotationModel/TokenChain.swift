import SignetStore

@testable import SignetIssuer

/// The refresh tokens that one session (family) has issued, and the rules for the issuer's next answer.
///
/// The rules compare tokens as texts only. They do not depend on the issuer's implementation, such as its rotation
/// counters.
struct TokenChain {
    let reuseWindow: Duration
    let idleLifetime: Duration
    let absoluteEnd: Timestamp
    /// All refresh tokens issued so far, oldest first.
    private(set) var issued: [String]
    /// The refresh token that ``newest`` replaced; `nil` before the first refresh.
    private(set) var parent: String?
    private var newestSince: Timestamp
    private(set) var end: Timestamp
    /// Whether the issuer revoked the session because a replaced refresh token was used.
    private(set) var isRevoked = false
    /// Whether the issuer removed the expired session from its store.
    private(set) var isSwept = false

    init(first: String, at now: Timestamp, configuration: IssuerConfiguration) {
        reuseWindow = configuration.reuseWindow
        idleLifetime = configuration.refreshTokenIdleLifetime
        absoluteEnd = now + configuration.sessionLifetime
        issued = [first]
        newestSince = now
        end = min(now + idleLifetime, absoluteEnd)
    }

    var newest: String { issued[issued.count - 1] }

    func isOver(at now: Timestamp) -> Bool { isSwept || now >= end }

    mutating func sweep(at now: Timestamp) {
        if now >= end { isSwept = true }
    }

    /// Records that the issuer accepted `token` and returned the refresh token `answer`.
    /// - Returns: the rule that the answer breaks; `nil` if the answer is correct.
    mutating func accepted(_ token: String, answer: String, at now: Timestamp) -> String? {
        if isRevoked { return "a revoked family issues no token" }
        if isOver(at: now) { return "an expired family issues no token" }
        let isNew = !issued.contains(answer)
        if token == newest {
            guard isNew else { return "the current token is answered with a new token" }
            parent = token
        } else if token == parent {
            let isWithinWindow = now < newestSince + reuseWindow
            if isWithinWindow {
                // During the reuse window the previous token returns the newest token. A use of the previous token
                // after the first third of the window restarts the window.
                if now >= newestSince + reuseWindow / 3 { newestSince = now }
                return answer == newest
                    ? nil : "within the reuse window the parent is answered with the current token"
            }
            guard isNew else { return "after the reuse window the parent is answered with a new token" }
        } else {
            return "a replaced token is refused"
        }
        issued.append(answer)
        newestSince = now
        end = min(now + idleLifetime, absoluteEnd)
        return nil
    }

    /// Records that the issuer refused `token`.
    /// - Returns: the rule that the refusal breaks; `nil` if the refusal is correct.
    mutating func refused(_ token: String, at now: Timestamp) -> String? {
        if isRevoked || isOver(at: now) { return nil }
        guard token != newest, token != parent else { return "the current token and its parent are accepted" }
        isRevoked = true
        return nil
    }
}
