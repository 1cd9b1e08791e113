/// Answers about tokens, each for a short time, by the SHA-256 of the token: no live token is kept in memory.
///
/// A value without clock or lock. The number of answers is fixed; the oldest gives way.
struct IntrospectionCache: Sendable {
    private struct Entry: Sendable {
        let answer: Introspection
        let until: ContinuousClock.Instant
        /// The token's own end on the wall clock; `nil` when the answer does not say, or for an inactive token.
        let expiresAt: NumericDate?
        let number: UInt64
    }

    private struct Insertion: Sendable {
        let digest: [UInt8]
        let number: UInt64
    }

    private let capacity: Int
    private let maximumAge: Duration
    private var entries: [[UInt8]: Entry] = [:]
    /// Every insertion in order; one that was replaced since is passed over.
    private var order: [Insertion] = []
    private var oldest = 0
    private var insertions: UInt64 = 0

    init(capacity: Int, maximumAge: Duration) {
        self.capacity = capacity
        self.maximumAge = maximumAge
    }

    /// The number of answers held, out of date ones included.
    var count: Int { entries.count }

    /// The answer that still holds: not older than the maximum age, and for an active token not past its `exp`.
    mutating func answer(
        for digest: [UInt8], at now: ContinuousClock.Instant, date: NumericDate
    ) -> Introspection? {
        guard let entry = entries[digest] else { return nil }
        guard now < entry.until, entry.expiresAt.map({ date < $0 }) ?? true else {
            entries[digest] = nil
            return nil
        }
        return entry.answer
    }

    mutating func insert(
        _ answer: Introspection, for digest: [UInt8], at now: ContinuousClock.Instant, date: NumericDate
    ) {
        guard maximumAge > .zero else { return }
        let expiresAt: NumericDate? = if case .active(let token) = answer { token.expiresAt } else { nil }
        if let expiresAt, expiresAt <= date { return }
        insertions += 1
        if entries[digest] == nil, entries.count >= capacity { evictOldest() }
        entries[digest] = Entry(answer: answer, until: now + maximumAge, expiresAt: expiresAt, number: insertions)
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

    /// Keeps the list of insertions within twice the capacity.
    private mutating func compact() {
        guard order.count > 2 * capacity else { return }
        order = order[oldest...].filter { entries[$0.digest]?.number == $0.number }
        oldest = 0
    }
}
