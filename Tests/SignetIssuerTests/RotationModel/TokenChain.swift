import SignetStore

@testable import SignetIssuer

/// A model of one session (a family of refresh tokens): the refresh tokens that the issuer has returned, and the rules
/// for its next answer.
///
/// The model compares refresh tokens only as strings, so that it shares no logic with the issuer.
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
    /// Whether the issuer revoked the session, because a refresh token older than ``parent`` was used.
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
    /// - Returns: the rule that the issuer broke; `nil` if it was right to return `answer`.
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
                // If `parent` is used after the first third of the reuse window, the window starts again.
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
    /// - Returns: the rule that the issuer broke; `nil` if it was right to refuse `token`.
    mutating func refused(_ token: String, at now: Timestamp) -> String? {
        if isRevoked || isOver(at: now) { return nil }
        guard token != newest, token != parent else { return "the current token and its parent are accepted" }
        isRevoked = true
        return nil
    }
}
