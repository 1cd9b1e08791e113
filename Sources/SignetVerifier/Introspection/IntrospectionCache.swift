import JOSE

/// A short-lived cache of introspection answers. The key of an answer is the SHA-256 digest of the token; the cache
/// does not store the token itself.
///
/// Answers about active tokens and answers about inactive tokens have separate capacities. An attacker who sends
/// made-up tokens therefore cannot evict the answers about valid tokens. The caller passes the time and ensures
/// exclusive access.
struct IntrospectionCache: Sendable {
    /// The same moment, read on the wall clock (`date`) and on the monotonic clock (`instant`).
    struct ClockReading: Sendable {
        let instant: ContinuousClock.Instant
        let date: NumericDate
    }

    private let maximumAge: Duration
    private var active: FIFOCache
    private var inactive: FIFOCache

    /// Creates an empty cache.
    /// - Parameters:
    ///   - capacity: the largest number of stored answers about active tokens. The same number of answers about
    ///     inactive tokens is stored in addition.
    ///   - maximumAge: the time for which a stored answer may be used.
    init(capacity: Int, maximumAge: Duration) {
        self.maximumAge = maximumAge
        active = FIFOCache(capacity: capacity)
        inactive = FIFOCache(capacity: capacity)
    }

    /// The number of stored answers, including those that are too old to use.
    var count: Int { active.count + inactive.count }

    /// Returns the stored answer about the token with the SHA-256 `digest`; `nil` if no answer is stored, if the answer
    /// is too old, or if the token's `exp` has been reached.
    mutating func answer(for digest: [UInt8], at now: ClockReading) -> Introspection? {
        guard let entry = active.entry(for: digest) ?? inactive.entry(for: digest) else { return nil }
        guard now.instant < entry.until, entry.expiresAt.map({ now.date < $0 }) ?? true else {
            active.remove(digest)
            inactive.remove(digest)
            return nil
        }
        return entry.answer
    }

    /// Stores an answer of the issuer. `asked` is the time at which the request was sent; the answer's age counts from
    /// then.
    mutating func insert(_ answer: Introspection, for digest: [UInt8], asked: ClockReading) {
        active.remove(digest)
        inactive.remove(digest)
        var age = maximumAge
        switch answer {
        case .inactive:
            guard age > .zero else { return }
            inactive.insert(.init(answer: answer, until: asked.instant + age, expiresAt: nil), for: digest)
        case .active(let token):
            // The answer must not outlive the token's `exp`, even if the wall clock is set back. So limit the answer's
            // age, which the monotonic clock measures, to the time that was left until `exp` when the request was sent.
            if let left = token.expiresAt?.seconds(since: asked.date), left < age.inSeconds {
                age = .seconds(max(left, 0))
            }
            guard age > .zero else { return }
            active.insert(
                .init(answer: answer, until: asked.instant + age, expiresAt: token.expiresAt), for: digest)
        }
    }
}

/// Stores a limited number of answers. The key of an answer is the SHA-256 digest of the token. If the cache is full, a
/// new answer evicts the oldest one.
struct FIFOCache: Sendable {
    struct Entry: Sendable {
        let answer: Introspection
        let until: ContinuousClock.Instant
        /// `exp` of an active token; `nil` for an inactive token or an answer without `exp`.
        let expiresAt: NumericDate?
    }

    private struct Insertion: Sendable {
        let digest: [UInt8]
        let number: UInt64
    }

    private let capacity: Int
    private var entries: [[UInt8]: (entry: Entry, number: UInt64)] = [:]
    /// A record of every insertion, oldest first. If an answer is removed or replaced, the record of its insertion
    /// stays in the array. ``evictOldest()`` skips such a record, and ``compact()`` removes it.
    private var order: [Insertion] = []
    private var oldest = 0
    private var insertions: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    /// The number of stored answers, including those that are too old to use.
    var count: Int { entries.count }

    func entry(for digest: [UInt8]) -> Entry? { entries[digest]?.entry }

    mutating func remove(_ digest: [UInt8]) { entries[digest] = nil }

    mutating func insert(_ entry: Entry, for digest: [UInt8]) {
        insertions += 1
        if entries[digest] == nil, entries.count >= capacity { evictOldest() }
        entries[digest] = (entry, insertions)
        order.append(Insertion(digest: digest, number: insertions))
        compact()
    }

    private mutating func evictOldest() {
        while oldest < order.count {
            let insertion = order[oldest]
            oldest += 1
            if entries[insertion.digest]?.number == insertion.number {
                entries[insertion.digest] = nil
                return
            }
        }
    }

    /// If ``order`` has more than twice `capacity` items, removes the insertions whose answer is no longer stored.
    private mutating func compact() {
        guard order.count > 2 * capacity else { return }
        order = order[oldest...].filter { entries[$0.digest]?.number == $0.number }
        oldest = 0
    }
}
