import SignetStore

@testable import SignetIssuer

/// What an outsider may know of a family from the tokens that it handed out, and what must hold for the next answer.
///
/// It knows nothing of generations: tokens are told apart as texts.
struct TokenChain {
    let reuseWindow: Duration
    let idleLifetime: Duration
    let absoluteEnd: Timestamp
    /// All tokens ever handed out, in order.
    private(set) var handedOut: [String]
    /// The token whose successor is ``newest``.
    private(set) var parent: String?
    private var newestSince: Timestamp
    private(set) var end: Timestamp
    /// Whether somebody used a token that had been overtaken.
    private(set) var isRevoked = false
    /// Whether a sweep came by after the end.
    private(set) var isSwept = false

    init(first: String, at now: Timestamp, configuration: IssuerConfiguration) {
        reuseWindow = configuration.reuseWindow
        idleLifetime = configuration.refreshTokenIdleLifetime
        absoluteEnd = now + configuration.sessionLifetime
        handedOut = [first]
        newestSince = now
        end = min(now + idleLifetime, absoluteEnd)
    }

    var newest: String { handedOut[handedOut.count - 1] }

    func isOver(at now: Timestamp) -> Bool { isSwept || now >= end }

    mutating func sweep(at now: Timestamp) {
        if now >= end { isSwept = true }
    }

    /// Takes in that presenting `token` at `now` yielded `answer`.
    /// - Returns: the property that this breaks.
    mutating func accepted(_ token: String, answer: String, at now: Timestamp) -> String? {
        if isRevoked { return "a dead family hands out no token" }
        if isOver(at: now) { return "an expired family hands out no token" }
        let isNew = !handedOut.contains(answer)
        if token == newest {
            guard isNew else { return "the current token yields a token that never was" }
            parent = token
        } else if token == parent {
            let isWithinWindow = now < newestSince + reuseWindow
            if isWithinWindow {
                // Handed out once more, and the window with it.
                if now >= newestSince + reuseWindow / 3 { newestSince = now }
                return answer == newest
                    ? nil : "within the window the parent yields the current token, so that there is one"
            }
            guard isNew else { return "after the window the parent yields a new token, and the unused one is dead" }
        } else {
            return "a token that was overtaken is accepted by nobody"
        }
        handedOut.append(answer)
        newestSince = now
        end = min(now + idleLifetime, absoluteEnd)
        return nil
    }

    /// Takes in that `token` was refused at `now`.
    /// - Returns: the property that this breaks.
    mutating func refused(_ token: String, at now: Timestamp) -> String? {
        if isRevoked || isOver(at: now) { return nil }
        guard token != newest, token != parent else { return "the token that counts, or its parent, is not refused" }
        isRevoked = true
        return nil
    }
}
