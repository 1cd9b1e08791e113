/// What the life of a signing key goes by. Kept in `keyring.json`, so that all nodes and commands go by the same.
///
/// The promise: no verifier that keeps the published keys for as long as it was told to meets a key that it does not
/// have. A key signs ``lead`` after it was published. Of that, the clocks of two nodes may take ``clockTolerance`` each,
/// one may notice a new key ``notice`` late, and a copy that a verifier fetched until then is good for ``maxAge`` more.
package struct KeyPolicy: Sendable, Hashable {
    /// For a keyring whose service did not say otherwise.
    package static let standard = KeyPolicy(
        uncheckedRotation: .seconds(30 * 86_400), lead: .seconds(86_400), maxAge: .seconds(300),
        accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(90 * 86_400))

    /// How long a node may take to notice that the keyring has changed.
    package static let notice = Duration.seconds(2)
    /// How long after its expiry verifiers may still accept a token.
    static let leeway = Duration.seconds(60)
    /// The most that a clock may ever be off, however long the lead.
    static let largestClockTolerance = Duration.seconds(3600)
    /// The most keys that may be published at once when all goes by plan: a verifier fetches all of them each time.
    package static let mostPublished = 50

    /// From one key's activation to the next one's; `nil` when keys change by command only.
    package let rotation: Duration?
    /// How long a new key is published before it signs.
    package let lead: Duration
    /// For how long verifiers may keep the published keys.
    package let maxAge: Duration
    /// The longest life of an access token.
    package let accessTokenLifetime: Duration
    /// The longest life of a session: a secret behind refresh tokens is needed so long after its last use.
    package let sessionLifetime: Duration

    /// All in whole seconds.
    /// - Throws: what would break the promise, with the arithmetic.
    package init(
        rotation: Duration?, lead: Duration, maxAge: Duration, accessTokenLifetime: Duration, sessionLifetime: Duration
    ) throws(KeyPolicyError) {
        self.init(
            uncheckedRotation: rotation, lead: lead, maxAge: maxAge, accessTokenLifetime: accessTokenLifetime,
            sessionLifetime: sessionLifetime)
        try check()
    }

    /// As they were written before, when they were checked.
    init(
        uncheckedRotation rotation: Duration?, lead: Duration, maxAge: Duration, accessTokenLifetime: Duration,
        sessionLifetime: Duration
    ) {
        self.rotation = rotation
        self.lead = lead
        self.maxAge = maxAge
        self.accessTokenLifetime = accessTokenLifetime
        self.sessionLifetime = sessionLifetime
    }

    /// How far a node's clock may be off, either way, without any harm: an eighth of the lead, at most an hour.
    package var clockTolerance: Duration { min(Self.largestClockTolerance, lead / 8) }

    /// The shortest lead that keeps the promise with these terms.
    package var shortestLead: Duration { maxAge + Self.notice + clockTolerance * 2 }

    /// How long after its retirement a key stays published, in whole seconds: until the last token that a node with a
    /// slow clock signed with it has expired, plus leeway and cache life.
    var retention: Duration { accessTokenLifetime + Self.leeway + clockTolerance + maxAge }

    /// How long each key stays published after the next one signs.
    var kept: Duration { clockTolerance * 2 + retention }

    /// Published keys that have not been replaced before a whole rotation ago: the next, the active, the one before.
    static let mostBesidesRetired = 3

    private func check() throws(KeyPolicyError) {
        guard lead >= shortestLead else {
            throw KeyPolicyError(
                .lead,
                """
                is \(Self.text(lead)), and a new key must be published for at least \(Self.text(shortestLead)) before \
                it signs: \(Self.text(maxAge)) that verifiers may keep the keys, \(Self.text(Self.notice)) for nodes to \
                notice the key, and twice \(Self.text(clockTolerance)) that their clocks may be off (an eighth of the \
                lead)
                """, mended: mended)
        }
        guard let rotation else { return }
        guard rotation >= lead else {
            throw KeyPolicyError(
                .rotation,
                """
                is \(Self.text(rotation)), shorter than the \(Self.text(lead)) for which each key is published before \
                it signs
                """, mended: mended)
        }
        let count = Int(kept / rotation) + Self.mostBesidesRetired
        guard count <= Self.mostPublished else {
            throw KeyPolicyError(
                .rotation,
                """
                is \(Self.text(rotation)): each key stays published for \(Self.text(kept)) after the next one signs \
                (access tokens of \(Self.text(accessTokenLifetime)), leeway, cache life, clocks), which makes \(count) \
                keys at once, and \(Self.mostPublished) are the most
                """, mended: mended)
        }
    }

    /// `1d2h`, `90s` as `1m30s`, and the like; fractions of a second as decimals.
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
