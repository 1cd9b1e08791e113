import SignetStore

/// The key policy in `keyring.json`. If a duration was shortened, the policy also stores when the last token or cached
/// key set with the longer duration expires.
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

    /// The policy of a version 1 keyring, whose file stores no policy. It is the standard policy with the longest token
    /// and session lifetimes that the settings of version 1 allowed.
    static var ofVersion1: EffectiveKeyPolicy {
        let standard = KeyPolicy.standard
        return EffectiveKeyPolicy(
            rotationInterval: standard.rotationInterval, lead: standard.lead,
            maxAge: PromisedDuration(standard.maxAge), accessTokens: PromisedDuration(.seconds(86_400)),
            sessions: PromisedDuration(.seconds(10 * 365 * 86_400)))
    }

    /// The durations that apply to new tokens, new sessions and newly fetched key sets. Those made under an earlier
    /// policy may have longer durations.
    var current: KeyPolicy {
        KeyPolicy(
            uncheckedRotationInterval: rotationInterval, lead: lead, maxAge: maxAge.duration,
            accessTokenLifetime: accessTokens.duration, sessionLifetime: sessions.duration)
    }

    /// The policy to store when a service starts with `policy`. It has the durations of `policy`, and remembers when
    /// the last token, session or cached key set with a longer duration expires.
    func adopting(_ policy: KeyPolicy, at now: Timestamp) -> EffectiveKeyPolicy {
        guard policy != current else { return self }
        return EffectiveKeyPolicy(
            rotationInterval: policy.rotationInterval, lead: policy.lead,
            maxAge: maxAge.replaced(by: policy.maxAge, at: now),
            accessTokens: accessTokens.replaced(by: policy.accessTokenLifetime, at: now),
            sessions: sessions.replaced(by: policy.sessionLifetime, at: now))
    }

    /// A copy of this policy whose cache, token and session lifetimes are at least those of `policy`. Two services with
    /// different settings may share a keyring, so the longer lifetimes count.
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

    /// The shortest time between the creation and the first use of a refresh token HMAC key. A slow file system may
    /// take two minutes to show the key's file to other nodes.
    private static let shortestSecretLead = Duration.seconds(120)

    /// The time from which an HMAC key that is created at `time` makes refresh tokens. Every node has read the HMAC key
    /// by then, even if the clocks of two nodes differ by twice the clock tolerance.
    func secretActivation(ofMadeAt time: Timestamp) -> Timestamp {
        (time + max(Self.shortestSecretLead, clockTolerance * 2 + KeyPolicy.notice)).roundedUp
    }

    /// The earliest time at which a key that is published from `time` on may sign.
    func earliestActivation(ofPublishedAt time: Timestamp) -> Timestamp {
        let cached = maxAge.end(ofAllMadeUntil: time + KeyPolicy.notice)
        return max(time + lead, cached + clockTolerance * 2).roundedUp
    }

    /// The time at which a key retires if its successor signs from `time` on: twice the clock tolerance later. By then,
    /// even the node with the slowest clock signs with the successor.
    func retirement(ofPredecessorAt time: Timestamp) -> Timestamp { (time + clockTolerance * 2).roundedUp }

    /// The time at which a key that retires at `time` leaves the published keys. By then all tokens that the key signed
    /// have expired.
    func removal(ofRetiredAt time: Timestamp) -> Timestamp {
        let end = accessTokens.end(ofAllMadeUntil: time)
        return (end + KeyPolicy.leeway + clockTolerance + maxAge.duration).roundedUp
    }
}

/// The current lifetime of tokens, sessions or cached key sets. If the lifetime was shortened, also the time when the
/// last token, session or key set with the longer lifetime expires.
struct PromisedDuration: Sendable, Hashable {
    let duration: Duration
    /// The time when the last token or cached key set with a lifetime longer than ``duration`` expires. `nil` means
    /// that no lifetime is longer than ``duration``.
    let earlierUntil: Timestamp?

    init(_ duration: Duration, earlierUntil: Timestamp? = nil) {
        self.duration = duration
        self.earlierUntil = earlierUntil
    }

    /// The time when the last token or cached key set that is made at or before `time` expires.
    func end(ofAllMadeUntil time: Timestamp) -> Timestamp {
        max(time + duration, earlierUntil ?? time)
    }

    /// The lifetime `duration`, valid from `now` on. If tokens or key sets made before `now` may have a longer
    /// lifetime, the result also stores when the last of them expires.
    func replaced(by duration: Duration, at now: Timestamp) -> PromisedDuration {
        let end = end(ofAllMadeUntil: now + KeyPolicy.notice).roundedUp
        guard duration < self.duration || (earlierUntil ?? now) > now else { return PromisedDuration(duration) }
        return PromisedDuration(duration, earlierUntil: end)
    }
}

extension Timestamp {
    /// The time rounded up to whole seconds. `keyring.json` stores whole seconds, so a rounded time is still the same
    /// after it was written and read.
    var roundedUp: Timestamp { Timestamp(seconds: Timestamp(milliseconds: milliseconds + 999).seconds) }
}
