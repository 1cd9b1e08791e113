import JOSE

/// Answers about tokens, each for a short time, by the SHA-256 of the token: no live token is kept in memory.
///
/// A value without clock or lock. Active and inactive answers have places of their own: anybody can send made-up tokens,
/// and what is remembered of these must not push out the answers about good ones.
struct IntrospectionCache: Sendable {
    /// When the question was sent. What the issuer said held then; on the way the answer only grew older.
    struct ClockReading: Sendable {
        let instant: ContinuousClock.Instant
        let date: NumericDate
    }

    private let maximumAge: Duration
    private var active: LRUCache
    private var inactive: LRUCache

    /// - Parameter capacity: The most answers of each kind.
    init(capacity: Int, maximumAge: Duration) {
        self.maximumAge = maximumAge
        active = LRUCache(capacity: capacity)
        inactive = LRUCache(capacity: capacity)
    }

    /// The number of answers held, out of date ones included.
    var count: Int { active.count + inactive.count }

    /// The answer that still holds: not older than the maximum age, and for an active token not past its `exp`.
    mutating func answer(for digest: [UInt8], at now: ClockReading) -> Introspection? {
        guard let entry = active.entry(for: digest) ?? inactive.entry(for: digest) else { return nil }
        guard now.instant < entry.until, entry.expiresAt.map({ now.date < $0 }) ?? true else {
            active.remove(digest)
            inactive.remove(digest)
            return nil
        }
        return entry.answer
    }

    /// Remembers the answer to a question that was sent at `asked`.
    mutating func insert(_ answer: Introspection, for digest: [UInt8], asked: ClockReading) {
        active.remove(digest)
        inactive.remove(digest)
        var age = maximumAge
        switch answer {
        case .inactive:
            guard age > .zero else { return }
            inactive.insert(.init(answer: answer, until: asked.instant + age, expiresAt: nil), for: digest)
        case .active(let token):
            // By both clocks, so that a wall clock that is set back makes no token live longer.
            if let left = token.expiresAt?.seconds(since: asked.date), left < age.inSeconds {
                age = .seconds(max(left, 0))
            }
            guard age > .zero else { return }
            active.insert(
                .init(answer: answer, until: asked.instant + age, expiresAt: token.expiresAt), for: digest)
        }
    }
}
