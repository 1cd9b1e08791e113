import SignetStore

/// The content of `keyring.json`: which keys there are and when each does what.
struct KeyringDocument: Sendable, Hashable {
    static let fileName = "keyring.json"
    static let version: Int64 = 2
    /// The revocations that are remembered; the oldest go first.
    static let mostRevocations = 256

    /// At least one; no two with the same kid.
    var keys: [KeyRecord]
    /// At least one; no two with the same id; in the order in which they were made.
    var refreshSecrets: [RefreshSecretRecord]
    var revocations: [KeyRevocation]
    var terms: EffectiveKeyPolicy
    var sealing: KeyringEncryption
    /// The time on the clock of whoever wrote this.
    var writtenAt: Timestamp

    init(
        keys: [KeyRecord], refreshSecrets: [RefreshSecretRecord], revocations: [KeyRevocation] = [],
        terms: EffectiveKeyPolicy = EffectiveKeyPolicy(.standard), sealing: KeyringEncryption = .first,
        writtenAt: Timestamp? = nil
    ) {
        self.keys = keys
        self.refreshSecrets = refreshSecrets
        self.revocations = revocations
        self.terms = terms
        self.sealing = sealing
        self.writtenAt = writtenAt ?? keys.map(\.createdAt).max() ?? Timestamp(seconds: 0)
    }

    /// The key that signs at `now`: of the active ones the one that became active last.
    ///
    /// While no key is active, because a clock stepped back behind the first one, the earliest of the next ones signs:
    /// it is published as well, and refusing to sign would help nobody.
    func signingKey(at now: Timestamp) -> KeyRecord? {
        if let latest = keys.filter({ $0.maySign(at: now) }).max(by: Self.signsBefore) { return latest }
        return keys.filter { $0.hasPrivateHalf && $0.state(at: now) == .next }.min(by: Self.signsBefore)
    }

    /// The order in which keys sign; those of which that is not decided come last, the older ones first.
    static func signsBefore(_ left: KeyRecord, _ right: KeyRecord) -> Bool {
        let never = Timestamp(milliseconds: .max)
        return (left.activatesAt ?? never, left.createdAt, left.kid)
            < (right.activatesAt ?? never, right.createdAt, right.kid)
    }

    /// The keys that verifiers may meet at `now`.
    func publishedKeys(at now: Timestamp) -> [KeyRecord] {
        keys.filter { $0.state(at: now) != .gone }
    }

    /// Whether a key is none of these: not among them, or revoked.
    func isWithout(_ kid: String) -> Bool {
        !keys.contains { $0.kid == kid } || revocations.contains { $0.kid == kid }
    }

    /// The span of time around `now` in which the same keys are published and the same one signs.
    func span(at now: Timestamp) -> Range<Timestamp> {
        let changes =
            keys.flatMap { [$0.activatesAt, $0.retiresAt, $0.removedAt] }.compactMap(\.self)
            + refreshSecrets.map(\.activatesAt)
        let start = changes.filter { $0 <= now }.max() ?? Timestamp(milliseconds: .min)
        let end = changes.filter { $0 > now }.min() ?? Timestamp(milliseconds: .max)
        return start..<end
    }

    /// The secret that new refresh tokens are made with at `now`.
    func currentSecret(at now: Timestamp) -> RefreshSecretRecord? {
        refreshSecrets.last { $0.activatesAt <= now } ?? refreshSecrets.first
    }

    /// For how long verifiers may keep what is published now: no longer than a key that is published a moment later
    /// waits before it signs.
    var publicationMaxAge: Duration {
        let terms = terms.current
        return max(.zero, min(terms.maxAge, terms.lead - KeyPolicy.notice - terms.clockTolerance * 2))
    }
}
