import SignetStore

/// The key policy in `keyring.json`, with the end of everything that was made under earlier, longer durations.
struct EffectiveKeyPolicy: Sendable, Hashable {
    let rotationInterval: Duration?
    let lead: Duration
    let maxAge: PromisedDuration
    let accessTokens: PromisedDuration
    let sessions: PromisedDuration

    init(
        rotationInterval: Duration?, lead: Duration, maxAge: PromisedDuration, accessTokens: PromisedDuration,
        sessions: PromisedDuration
    ) {
        self.rotationInterval = rotationInterval
        self.lead = lead
        self.maxAge = maxAge
        self.accessTokens = accessTokens
        self.sessions = sessions
    }

    init(_ policy: KeyPolicy) {
        self.init(
            rotationInterval: policy.rotationInterval, lead: policy.lead, maxAge: PromisedDuration(policy.maxAge),
            accessTokens: PromisedDuration(policy.accessTokenLifetime),
            sessions: PromisedDuration(policy.sessionLifetime))
    }

    /// The policy of a version 1 keyring, which stored none: the standard one, with the longest token and session
    /// lifetimes that the settings of that time allowed.
    static var ofVersion1: EffectiveKeyPolicy {
        let standard = KeyPolicy.standard
        return EffectiveKeyPolicy(
            rotationInterval: standard.rotationInterval, lead: standard.lead,
            maxAge: PromisedDuration(standard.maxAge), accessTokens: PromisedDuration(.seconds(86_400)),
            sessions: PromisedDuration(.seconds(10 * 365 * 86_400)))
    }

    /// The policy without the effects of earlier ones.
    var current: KeyPolicy {
        KeyPolicy(
            uncheckedRotationInterval: rotationInterval, lead: lead, maxAge: maxAge.duration,
            accessTokenLifetime: accessTokens.duration, sessionLifetime: sessions.duration)
    }

    /// The result when a service starts with `policy`: its settings replace the current ones.
    func adopting(_ policy: KeyPolicy, at now: Timestamp) -> EffectiveKeyPolicy {
        guard policy != current else { return self }
        return EffectiveKeyPolicy(
            rotationInterval: policy.rotationInterval, lead: policy.lead,
            maxAge: maxAge.replaced(by: policy.maxAge, at: now),
            accessTokens: accessTokens.replaced(by: policy.accessTokenLifetime, at: now),
            sessions: sessions.replaced(by: policy.sessionLifetime, at: now))
    }

    /// The result when a service with `policy` keeps running after another one has adopted shorter durations. While
    /// both run, the longer duration counts.
    func covering(_ policy: KeyPolicy, at now: Timestamp) -> EffectiveKeyPolicy {
        func raised(_ promise: PromisedDuration, _ duration: Duration) -> PromisedDuration {
            promise.duration < duration ? promise.replaced(by: duration, at: now) : promise
        }
        return EffectiveKeyPolicy(
            rotationInterval: rotationInterval, lead: lead, maxAge: raised(maxAge, policy.maxAge),
            accessTokens: raised(accessTokens, policy.accessTokenLifetime),
            sessions: raised(sessions, policy.sessionLifetime))
    }

    var clockTolerance: Duration { current.clockTolerance }

    /// The shortest time between the creation and the first use of a refresh token HMAC key. Slow file systems may take
    /// that long to show it to other nodes.
    private static let shortestSecretLead = Duration.seconds(120)

    /// The time from which refresh tokens may be made with an HMAC key that is created at `time`. The node with the
    /// fastest clock reaches it only after every node has noticed the key, even if the node with the slowest clock
    /// created it.
    func secretActivation(ofMadeAt time: Timestamp) -> Timestamp {
        (time + max(Self.shortestSecretLead, clockTolerance * 2 + KeyPolicy.notice)).roundedUp
    }

    /// The earliest time from which a key may sign that is published from `time` on.
    func earliestActivation(ofPublishedAt time: Timestamp) -> Timestamp {
        let cached = maxAge.end(ofAllMadeUntil: time + KeyPolicy.notice)
        return max(time + lead, cached + clockTolerance * 2).roundedUp
    }

    /// The time at which a key retires whose successor signs from `time` on. Even the node with the slowest clock uses
    /// the successor by then, and the node with the fastest clock does not delete the private half earlier.
    func retirement(ofPredecessorAt time: Timestamp) -> Timestamp { (time + clockTolerance * 2).roundedUp }

    /// The time at which a key that retires at `time` leaves the published keys. All tokens that it signed have
    /// expired.
    func removal(ofRetiredAt time: Timestamp) -> Timestamp {
        let end = accessTokens.end(ofAllMadeUntil: time)
        return (end + KeyPolicy.leeway + clockTolerance + maxAge.duration).roundedUp
    }
}

/// A duration that tokens or cached keys were given, and the end of those that were given a longer one earlier.
struct PromisedDuration: Sendable, Hashable {
    let duration: Duration
    /// The time when the last token or cached copy with a longer duration ends; `nil` if there is none.
    let earlierUntil: Timestamp?

    init(_ duration: Duration, earlierUntil: Timestamp? = nil) {
        self.duration = duration
        self.earlierUntil = earlierUntil
    }

    /// The latest end of everything that is made until `time`.
    func end(ofAllMadeUntil time: Timestamp) -> Timestamp {
        max(time + duration, earlierUntil ?? time)
    }

    /// The promise after the duration changes at `now`. What was made before keeps its lifetime.
    func replaced(by duration: Duration, at now: Timestamp) -> PromisedDuration {
        let end = end(ofAllMadeUntil: now + KeyPolicy.notice).roundedUp
        guard duration < self.duration || (earlierUntil ?? now) > now else { return PromisedDuration(duration) }
        return PromisedDuration(duration, earlierUntil: end)
    }
}

extension Timestamp {
    /// The time in whole seconds, rounded up. `keyring.json` stores whole seconds, so a rounded time reads back equal.
    var roundedUp: Timestamp { Timestamp(seconds: Timestamp(milliseconds: milliseconds + 999).seconds) }
}
