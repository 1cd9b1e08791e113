import JOSE

/// Answers of one kind, by the SHA-256 of the token: a fixed number, of which the oldest gives way.
struct LRUCache: Sendable {
    struct Entry: Sendable {
        let answer: Introspection
        let until: ContinuousClock.Instant
        /// The token's own end on the wall clock; `nil` when the answer does not say, or for an inactive token.
        let expiresAt: NumericDate?
    }

    private struct Insertion: Sendable {
        let digest: [UInt8]
        let number: UInt64
    }

    private let capacity: Int
    private var entries: [[UInt8]: (entry: Entry, number: UInt64)] = [:]
    /// Every insertion in order; one that was replaced or taken out since is passed over.
    private var order: [Insertion] = []
    private var oldest = 0
    private var insertions: UInt64 = 0

    init(capacity: Int) { self.capacity = capacity }

    /// The number of answers held, out of date ones included.
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

    /// Keeps the list of insertions within twice the capacity.
    private mutating func compact() {
        guard order.count > 2 * capacity else { return }
        order = order[oldest...].filter { entries[$0.digest]?.number == $0.number }
        oldest = 0
    }
}
