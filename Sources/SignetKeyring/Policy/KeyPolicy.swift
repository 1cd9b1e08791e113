// Code in this folder describes the durations that decide when a key starts to sign and when it is removed, and checks
// them: a verifier must have a key before the key's first token arrives. Code here must not use keys, files or the
// content of `keyring.json`.

/// The settings that decide when keys are created, start to sign and are removed. `keyring.json` stores the settings,
/// so that all nodes and commands use the same values.
///
/// A verifier that caches the published keys no longer than `Cache-Control` allows has the key of every token that it
/// receives. Therefore a key is published for ``lead`` before it signs. The lead covers three delays. Two clocks may
/// each be off by ``clockTolerance``. A node may take ``notice`` to notice the new key. A verifier may cache an older
/// key set for ``maxAge``.
package struct KeyPolicy: Sendable, Hashable {
    /// The policy of a new keyring if no settings are given.
    package static let standard = KeyPolicy(
        uncheckedRotationInterval: .seconds(30 * 86_400), lead: .seconds(86_400), maxAge: .seconds(300),
        accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(90 * 86_400))

    /// The longest time that a node takes to notice that the keyring has changed.
    package static let notice = Duration.seconds(2)
    /// The longest time for which a verifier may still accept a token after the token has expired.
    static let leeway = Duration.seconds(60)
    /// The upper bound of ``clockTolerance``.
    static let largestClockTolerance = Duration.seconds(3600)
    /// The maximum number of keys that are published at once. Every verifier fetches all of them, so the number is
    /// limited.
    package static let mostPublished = 50

    /// The time between the activations of two successive keys; `nil` if only commands rotate keys.
    package let rotationInterval: Duration?
    /// The time for which a new key is published before it signs.
    package let lead: Duration
    /// The time for which verifiers may cache the published keys.
    package let maxAge: Duration
    /// The longest lifetime of an access token.
    package let accessTokenLifetime: Duration
    /// The longest lifetime of a session. A refresh token HMAC key is kept for this time after it made its last refresh
    /// token.
    package let sessionLifetime: Duration

    /// Checks and stores the durations, which must be whole seconds.
    /// - Throws: an error if a verifier could receive a token before it has the token's key, or if too many keys would
    ///   be published. The error names the wrong duration and shows the arithmetic.
    package init(
        rotationInterval: Duration?, lead: Duration, maxAge: Duration, accessTokenLifetime: Duration,
        sessionLifetime: Duration
    ) throws(KeyPolicyError) {
        self.init(
            uncheckedRotationInterval: rotationInterval, lead: lead, maxAge: maxAge,
            accessTokenLifetime: accessTokenLifetime, sessionLifetime: sessionLifetime)
        try check()
    }

    /// Stores durations without a check. For durations from `keyring.json`, which were checked before they were
    /// written.
    init(
        uncheckedRotationInterval rotationInterval: Duration?, lead: Duration, maxAge: Duration,
        accessTokenLifetime: Duration, sessionLifetime: Duration
    ) {
        self.rotationInterval = rotationInterval
        self.lead = lead
        self.maxAge = maxAge
        self.accessTokenLifetime = accessTokenLifetime
        self.sessionLifetime = sessionLifetime
    }

    /// How far a node's clock may be off in either direction: an eighth of the time for which a new key is published
    /// before it signs (``lead``), at most one hour.
    package var clockTolerance: Duration { min(Self.largestClockTolerance, lead / 8) }

    /// The shortest acceptable ``lead``: a new key must be published for this time before it signs, so that every
    /// verifier has the key by then. Two clocks may each be off by ``clockTolerance``.
    package var shortestLead: Duration { maxAge + Self.notice + clockTolerance * 2 }

    /// How long a key stays published after it retires. A node with a slow clock may sign a last token with the key up
    /// to ``clockTolerance`` after the retirement. That token lives for ``accessTokenLifetime``, verifiers may accept
    /// it for ``leeway`` longer, and ``maxAge`` is the cache lifetime of the published keys.
    var publicationAfterRetirement: Duration { accessTokenLifetime + Self.leeway + clockTolerance + maxAge }

    /// How long a key stays published after its successor starts to sign.
    var publicationAfterSuccession: Duration { clockTolerance * 2 + publicationAfterRetirement }

    /// The maximum number of published keys that are not older retired keys. They are the next key, the active key, and
    /// the key that the active key replaced.
    static let mostBesidesRetired = 3

    private func check() throws(KeyPolicyError) {
        guard lead >= shortestLead else {
            throw KeyPolicyError(
                .lead,
                """
                is \(Self.text(lead)), but a new key must be published for at least \(Self.text(shortestLead)) before \
                it signs: verifiers may cache the keys for \(Self.text(maxAge)), nodes take \(Self.text(Self.notice)) \
                to notice a key, and two clocks may each be off by \(Self.text(clockTolerance)) (an eighth of the lead)
                """, corrected: corrected)
        }
        guard let rotationInterval else { return }
        guard rotationInterval >= lead else {
            throw KeyPolicyError(
                .rotationInterval,
                """
                is \(Self.text(rotationInterval)), but each key is published for \(Self.text(lead)) before it signs, \
                and the interval must not be shorter
                """, corrected: corrected)
        }
        let count = Int(publicationAfterSuccession / rotationInterval) + Self.mostBesidesRetired
        guard count <= Self.mostPublished else {
            throw KeyPolicyError(
                .rotationInterval,
                """
                is \(Self.text(rotationInterval)), but each key stays published for \
                \(Self.text(publicationAfterSuccession)) after its successor starts to sign (access tokens live \
                \(Self.text(accessTokenLifetime)), then leeway, cache lifetime and clock differences): \(count) keys \
                would be published at once, and the maximum is \(Self.mostPublished)
                """, corrected: corrected)
        }
    }

    /// A duration with units, such as `1d2h` or `1m30s`. Milliseconds appear only if they are not zero.
    static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")]
        var rest = seconds
        var text = ""
        for (length, unit) in units where rest >= length {
            text += "\(rest / length)\(unit)"
            rest %= length
        }
        let milliseconds = duration.components.attoseconds / 1_000_000_000_000_000
        if text.isEmpty || milliseconds > 0 { text += "\(milliseconds)ms" }
        return text
    }
}

/// The error for an invalid key policy: a verifier could receive a token before it has the token's key, or too many
/// keys would be published at once.
package struct KeyPolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The setting of the policy that is invalid.
    package enum Member: String, Sendable {
        case rotationInterval = "rotation interval"
        case lead
    }

    package let member: Member
    /// What is wrong, with the arithmetic. Written as the end of a sentence that begins with the name of the wrong
    /// setting, such as "is 5m, but …".
    package let fault: String
    /// A valid policy to suggest to the operator: the invalid policy with a longer ``KeyPolicy/lead`` or rotation
    /// interval.
    package let corrected: KeyPolicy

    init(_ member: Member, _ fault: String, corrected: KeyPolicy) {
        self.member = member
        self.fault = fault
        self.corrected = corrected
    }

    package var description: String { "\(member.rawValue) \(fault)" }
}

// MARK: - Correction

extension KeyPolicy {
    /// A copy of this policy in which a too short ``lead`` (the time for which a key is published before it signs) or
    /// rotation interval is raised to the shortest acceptable value.
    ///
    /// Raised values are rounded up: above two minutes to whole minutes, above two hours to whole hours, above two days
    /// to whole days.
    var corrected: KeyPolicy {
        let withLead = with(
            rotationInterval: rotationInterval, lead: lead >= shortestLead ? lead : Self.roundedUp(sufficientLead))
        guard let rotationInterval else { return withLead }
        // The published keys are `mostBesidesRetired` keys and one older key for each full rotation interval in
        // `publicationAfterSuccession`. They must not exceed `mostPublished`, so fewer than `most` intervals may fit
        // into that time.
        let most = Double(Self.mostPublished - Self.mostBesidesRetired + 1)
        let room = Duration.seconds(Int64(withLead.publicationAfterSuccession / .seconds(1) / most) + 1)
        let shortest = max(withLead.lead, room)
        return withLead.with(
            rotationInterval: rotationInterval >= shortest ? rotationInterval : Self.roundedUp(shortest),
            lead: withLead.lead)
    }

    /// The shortest acceptable ``lead`` (the time for which a key is published before it signs): the cache lifetime of
    /// the keys, the time for nodes to notice a key, and two clock errors, each up to an eighth of the lead.
    private var sufficientLead: Duration {
        let fixed = maxAge + Self.notice
        // The lead must cover `fixed` plus two clock errors. The limit of a clock error is an eighth of the lead or
        // `largestClockTolerance`, whichever is smaller. With an eighth, 4/3 of `fixed` is enough.
        let proportional = Duration.seconds((fixed.components.seconds * 4 + 2) / 3)
        return min(proportional, fixed + Self.largestClockTolerance * 2)
    }

    private func with(rotationInterval: Duration?, lead: Duration) -> KeyPolicy {
        KeyPolicy(
            uncheckedRotationInterval: rotationInterval, lead: lead, maxAge: maxAge,
            accessTokenLifetime: accessTokenLifetime, sessionLifetime: sessionLifetime)
    }

    private static func roundedUp(_ duration: Duration) -> Duration {
        let seconds = duration.components.seconds
        let unit: Int64 =
            switch seconds {
            case ...120: 1
            case ...7200: 60
            case ...172_800: 3600
            default: 86_400
            }
        return .seconds((seconds + unit - 1) / unit * unit)
    }
}
