/// A fetched key set: the published key IDs, and the time in seconds for which a verifier may cache them.
struct SimulatedPublication: Sendable {
    let keyIDs: [String]
    let maxAge: Int64
}

/// A verifier in the simulation. Times are in seconds and never run backwards.
protocol SimulatedVerifier {
    var name: String { get }
    /// Returns whether the verifier has the key `keyID` of a valid token. To get the issuer's current keys, the
    /// verifier may call `fetch`. Returns `nil` if the verifier has no keys at all.
    mutating func accepts(_ keyID: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool?
    /// Forgets all keys, as a restarted process does.
    mutating func restart()
}

/// A verifier that caches keys according to a ``CachePolicy``. If a fetch fails, the verifier keeps its keys.
struct PolicyVerifier: SimulatedVerifier {
    let policy: CachePolicy
    private var keyIDs: Set<String>?
    private var fetchedAt: Int64 = 0
    private var lifetime: Int64 = 0
    private var attemptedAt: Int64?

    var name: String { policy.name }

    init(policy: CachePolicy) { self.policy = policy }

    mutating func restart() { self = PolicyVerifier(policy: policy) }

    mutating func accepts(_ keyID: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool? {
        let age = now - fetchedAt
        if keyIDs == nil || age >= Int64(Double(lifetime) * policy.refreshAhead) { take(fetch(), at: now) }
        guard let keyIDs else { return nil }
        if keyIDs.contains(keyID) { return true }
        guard let cooldown = policy.cooldown, attemptedAt.map({ now - $0 >= cooldown }) ?? true else { return false }
        take(fetch(), at: now)
        return self.keyIDs?.contains(keyID)
    }

    private mutating func take(_ publication: SimulatedPublication?, at now: Int64) {
        attemptedAt = now
        guard let publication else { return }
        keyIDs = Set(publication.keyIDs)
        fetchedAt = now
        lifetime = policy.lifetime(publication.maxAge)
    }
}
