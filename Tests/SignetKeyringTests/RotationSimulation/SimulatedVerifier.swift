/// What a verifier fetches: the kids that are published, and for how long it may keep them.
struct SimulatedPublication: Sendable {
    let kids: [String]
    let maxAge: Int64
}

/// A verifier in the simulation. Time is in seconds and never runs backwards.
protocol SimulatedVerifier {
    var name: String { get }
    /// What comes of a good token that names `kid`: whether its key is at hand, after whatever fetches the verifier makes
    /// for it; `nil` when it has no keys at all.
    mutating func accepts(_ kid: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool?
    /// Forgets everything, as a process that starts again.
    mutating func restart()
}

/// A verifier by a ``CachePolicy``. A fetch that fails leaves the keys that it has.
struct PolicyVerifier: SimulatedVerifier {
    let policy: CachePolicy
    private var kids: Set<String>?
    private var fetchedAt: Int64 = 0
    private var lifetime: Int64 = 0
    private var attemptedAt: Int64?

    var name: String { policy.name }

    init(policy: CachePolicy) { self.policy = policy }

    mutating func restart() { self = PolicyVerifier(policy: policy) }

    mutating func accepts(_ kid: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool? {
        let age = now - fetchedAt
        if kids == nil || age >= Int64(Double(lifetime) * policy.refreshAhead) { take(fetch(), at: now) }
        guard let kids else { return nil }
        if kids.contains(kid) { return true }
        guard let cooldown = policy.cooldown, attemptedAt.map({ now - $0 >= cooldown }) ?? true else { return false }
        take(fetch(), at: now)
        return self.kids?.contains(kid)
    }

    private mutating func take(_ publication: SimulatedPublication?, at now: Int64) {
        attemptedAt = now
        guard let publication else { return }
        kids = Set(publication.kids)
        fetchedAt = now
        lifetime = policy.lifetime(publication.maxAge)
    }
}
