// This folder holds the times that rule the life of a key, and the arithmetic that makes them safe. It must not know
// keys, files or the document.

/// The settings that decide when keys are created, sign and leave. `keyring.json` stores them, so that all nodes and
/// commands use the same ones.
///
/// They keep a promise: a verifier that caches the published keys no longer than `Cache-Control` allows never meets an
/// unknown key. For that, a key is published for ``lead`` before it signs. Within the lead, two clocks may each be off
/// by ``clockTolerance``, a node may notice the new key ``notice`` late, and a copy fetched just before that may be
/// cached for ``maxAge``.
package struct KeyPolicy: Sendable, Hashable {
    /// The policy of a keyring that is created without settings.
    package static let standard = KeyPolicy(
        uncheckedRotationInterval: .seconds(30 * 86_400), lead: .seconds(86_400), maxAge: .seconds(300),
        accessTokenLifetime: .seconds(900), sessionLifetime: .seconds(90 * 86_400))

    /// The longest time that a node takes to notice that the keyring has changed.
    package static let notice = Duration.seconds(2)
    /// The longest time after its expiry for which a verifier may still accept a token.
    static let leeway = Duration.seconds(60)
    /// The upper bound of ``clockTolerance``.
    static let largestClockTolerance = Duration.seconds(3600)
    /// The maximum number of published keys. A verifier fetches all of them each time.
    package static let mostPublished = 50

    /// The time between the activations of two successive keys; `nil` if only commands rotate keys.
    package let rotationInterval: Duration?
    /// The time for which a new key is published before it signs.
    package let lead: Duration
    /// The time for which verifiers may cache the published keys.
    package let maxAge: Duration
    /// The longest lifetime of an access token.
    package let accessTokenLifetime: Duration
    /// The longest lifetime of a session. A refresh token HMAC key is kept for this long after its last use.
    package let sessionLifetime: Duration

    /// Checks and stores the durations, which must be whole seconds.
    /// - Throws: the duration that would break the promise, with the arithmetic.
    package init(
        rotationInterval: Duration?, lead: Duration, maxAge: Duration, accessTokenLifetime: Duration,
        sessionLifetime: Duration
    ) throws(KeyPolicyError) {
        self.init(
            uncheckedRotationInterval: rotationInterval, lead: lead, maxAge: maxAge,
            accessTokenLifetime: accessTokenLifetime, sessionLifetime: sessionLifetime)
        try check()
    }

    /// Stores durations from `keyring.json`, which were checked before they were written.
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

    /// How far a node's clock may be off in either direction: an eighth of the lead, at most one hour.
    package var clockTolerance: Duration { min(Self.largestClockTolerance, lead / 8) }

    /// The shortest lead that keeps the promise with the other durations.
    package var shortestLead: Duration { maxAge + Self.notice + clockTolerance * 2 }

    /// How long a key stays published after it retires, in whole seconds. A node with a slow clock may sign a last
    /// token that much later; then the token's lifetime, the leeway and the cache lifetime pass.
    var publicationAfterRetirement: Duration { accessTokenLifetime + Self.leeway + clockTolerance + maxAge }

    /// How long a key stays published after its successor starts to sign.
    var publicationAfterSuccession: Duration { clockTolerance * 2 + publicationAfterRetirement }

    /// The published keys besides those that retired more than one rotation ago: the next, the active, and the one
    /// before.
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

    /// A duration with units, such as `1d2h` or `1m30s`; milliseconds are added if there are any.
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

/// A policy under which a verifier could meet an unknown key.
package struct KeyPolicyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The duration that has to change.
    package enum Member: String, Sendable {
        case rotationInterval = "rotation interval"
        case lead
    }

    package let member: Member
    /// What is wrong, as the end of a sentence that begins with the name of the duration. Includes the arithmetic.
    package let fault: String
    /// The closest policy that would be accepted: the same one with a longer lead and, if necessary, a longer rotation
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
    /// The same policy with the lead, and then the rotation interval, raised to the shortest acceptable duration that
    /// has a single unit: seconds up to two minutes, minutes up to two hours, hours up to two days, then days.
    var corrected: KeyPolicy {
        let withLead = with(
            rotationInterval: rotationInterval, lead: lead >= shortestLead ? lead : Self.roundedUp(sufficientLead))
        guard let rotationInterval else { return withLead }
        // One key more than the maximum must not fit, so the interval is longer than this quotient by a second.
        let most = Double(Self.mostPublished - Self.mostBesidesRetired + 1)
        let room = Duration.seconds(Int64(withLead.publicationAfterSuccession / .seconds(1) / most) + 1)
        let shortest = max(withLead.lead, room)
        return withLead.with(
            rotationInterval: rotationInterval >= shortest ? rotationInterval : Self.roundedUp(shortest),
            lead: withLead.lead)
    }

    /// The shortest lead that covers the max-age, the notice, and the clock tolerance that this same lead implies.
    private var sufficientLead: Duration {
        let fixed = maxAge + Self.notice
        // Two clocks take a quarter of the lead, so the rest is three quarters. The tolerance has an upper bound.
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
