import SignetStore

/// The content of `keyring.json`: which keys there are and when each does what.
struct KeyringDocument: Sendable, Hashable {
    static let fileName = "keyring.json"
    static let version: Int64 = 1

    /// At least one; no two with the same kid.
    let keys: [KeyRecord]
    /// At least one; no two with the same id; the last one makes new tokens.
    let refreshSecrets: [RefreshSecretRecord]

    /// The key that signs at `now`: of the active ones the one that became active last.
    ///
    /// While no key is active yet, because a clock stepped back behind the first one, the earliest of the next ones
    /// signs: it is published as well, and refusing to sign would help nobody.
    func signingKey(at now: Timestamp) -> KeyRecord? {
        let active = keys.filter { $0.state(at: now) == .active }
        if let latest = active.max(by: { ($0.activatesAt, $0.kid) < ($1.activatesAt, $1.kid) }) { return latest }
        let next = keys.filter { $0.state(at: now) == .next }
        return next.min { ($0.activatesAt, $0.kid) < ($1.activatesAt, $1.kid) }
    }

    /// The keys that verifiers may meet at `now`.
    func publishedKeys(at now: Timestamp) -> [KeyRecord] {
        keys.filter { $0.state(at: now) != .gone }
    }

    /// The span of time around `now` in which the same keys are published.
    func publicationSpan(at now: Timestamp) -> Range<Timestamp> {
        let changes = keys.compactMap(\.removedAt)
        let start = changes.filter { $0 <= now }.max() ?? Timestamp(milliseconds: .min)
        let end = changes.filter { $0 > now }.min() ?? Timestamp(milliseconds: .max)
        return start..<end
    }
}
