import SignetStore

@testable import SignetIssuer

/// The tokens that a family has issued, and the rules that the next answer must follow.
///
/// The chain compares tokens as texts. It does not use generations or any other part of the issuer's implementation.
struct TokenChain {
    let reuseWindow: Duration
    let idleLifetime: Duration
    let absoluteEnd: Timestamp
    /// All tokens so far, oldest first.
    private(set) var issued: [String]
    /// The token whose successor is ``newest``.
    private(set) var parent: String?
    private var newestSince: Timestamp
    private(set) var end: Timestamp
    /// Whether a replaced token was used.
    private(set) var isRevoked = false
    /// Whether the store was swept after the family expired.
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

    /// Records that `token` was answered with the refresh token `answer`.
    /// - Returns: the violated property; `nil` if the answer follows the rules.
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
                // A late replay restarts the reuse window.
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

    /// Records that `token` was refused.
    /// - Returns: the violated property; `nil` if the refusal follows the rules.
    mutating func refused(_ token: String, at now: Timestamp) -> String? {
        if isRevoked || isOver(at: now) { return nil }
        guard token != newest, token != parent else { return "the current token and its parent are accepted" }
        isRevoked = true
        return nil
    }
}
