import SignetStore

/// The terms as `keyring.json` holds them: with what earlier, more generous ones still demand.
struct EffectiveKeyPolicy: Sendable, Hashable {
    let rotation: Duration?
    let lead: Duration
    let maxAge: KeyringBound
    let accessTokens: KeyringBound
    let sessions: KeyringBound

    init(
        rotation: Duration?, lead: Duration, maxAge: KeyringBound, accessTokens: KeyringBound, sessions: KeyringBound
    ) {
        self.rotation = rotation
        self.lead = lead
        self.maxAge = maxAge
        self.accessTokens = accessTokens
        self.sessions = sessions
    }

    init(_ terms: KeyPolicy) {
        self.init(
            rotation: terms.rotation, lead: terms.lead, maxAge: KeyringBound(terms.maxAge),
            accessTokens: KeyringBound(terms.accessTokenLifetime), sessions: KeyringBound(terms.sessionLifetime))
    }

    /// Of a keyring that was written before there were terms in it: the standard, and token and session lives as long
    /// as any setting allowed.
    static func unwritten(at time: Timestamp) -> EffectiveKeyPolicy {
        let standard = KeyPolicy.standard
        return EffectiveKeyPolicy(
            rotation: standard.rotation, lead: standard.lead, maxAge: KeyringBound(standard.maxAge),
            accessTokens: KeyringBound(.seconds(86_400)), sessions: KeyringBound(.seconds(10 * 365 * 86_400)))
    }

    /// The terms without their past.
    var current: KeyPolicy {
        KeyPolicy(
            uncheckedRotation: rotation, lead: lead, maxAge: maxAge.duration,
            accessTokenLifetime: accessTokens.duration, sessionLifetime: sessions.duration)
    }

    /// What a service that starts makes of them.
    func adopting(_ terms: KeyPolicy, at now: Timestamp) -> EffectiveKeyPolicy {
        guard terms != current else { return self }
        return EffectiveKeyPolicy(
            rotation: terms.rotation, lead: terms.lead, maxAge: maxAge.replaced(by: terms.maxAge, at: now),
            accessTokens: accessTokens.replaced(by: terms.accessTokenLifetime, at: now),
            sessions: sessions.replaced(by: terms.sessionLifetime, at: now))
    }

    /// What a running service makes of them when another one has taken its own back: as long as both run, the longer
    /// life counts.
    func covering(_ terms: KeyPolicy, at now: Timestamp) -> EffectiveKeyPolicy {
        func raised(_ bound: KeyringBound, _ duration: Duration) -> KeyringBound {
            bound.duration < duration ? bound.replaced(by: duration, at: now) : bound
        }
        return EffectiveKeyPolicy(
            rotation: rotation, lead: lead, maxAge: raised(maxAge, terms.maxAge),
            accessTokens: raised(accessTokens, terms.accessTokenLifetime),
            sessions: raised(sessions, terms.sessionLifetime))
    }

    var clockTolerance: Duration { current.clockTolerance }

    /// The least that a new refresh secret waits: nobody is in a hurry, and directories may be slow.
    private static let shortestSecretLead = Duration.seconds(120)

    /// From when on refresh tokens may be made with a secret that is there from `time` on: the fastest clock does not
    /// reach it before every node, the slowest of which may have made the secret, has noticed it.
    func secretActivation(ofMadeAt time: Timestamp) -> Timestamp {
        (time + max(Self.shortestSecretLead, clockTolerance * 2 + KeyPolicy.notice)).roundedUp
    }

    /// The earliest time at which a key may sign that is published from `time` on.
    func earliestActivation(ofPublishedAt time: Timestamp) -> Timestamp {
        let cached = maxAge.end(ofAllMadeUntil: time + KeyPolicy.notice)
        return max(time + lead, cached + clockTolerance * 2).roundedUp
    }

    /// When a key retires whose successor signs from `time` on: the slowest clock has reached that time by then, and
    /// the fastest one takes its private half away no sooner.
    func retirement(ofPredecessorAt time: Timestamp) -> Timestamp { (time + clockTolerance * 2).roundedUp }

    /// When a key that retires at `time` may go: every token that it signed is out of use.
    func removal(ofRetiredAt time: Timestamp) -> Timestamp {
        let end = accessTokens.end(ofAllMadeUntil: time)
        return (end + KeyPolicy.leeway + clockTolerance + maxAge.duration).roundedUp
    }
}
