import JOSE
import SharedState
import Synchronization

/// Remembers tokens whose signature was valid, so that a repeated token needs no signature check.
///
/// An entry stores the whole token and the key that signed it. A lookup compares all bytes in constant time. Only the
/// signature check is skipped: time and policy are checked at every use, and the key must be in the current key set.
///
/// The cache is four-way set-associative: a token may be stored in one of four places. If all four are taken, a new
/// token evicts the least recently used of the four tokens.
final class SignatureCache: Sendable {
    /// The longest token that is stored, in bytes. The limit bounds the memory of the cache.
    static let maximumTokenBytes = 4096

    private struct Entry: Sendable {
        let tag: UInt64
        let token: String
        let contents: TokenContents
        let key: VerificationKey
        var lastUse: UInt64

        /// Returns the cached contents of the token `candidate`; `nil` if this entry stores another token, or if the
        /// key that signed the token is not in `keys`.
        func contents(of candidate: String, keys: KeySet) -> TokenContents? {
            guard keys.contains(key), areEqual(token.utf8Span.span, candidate.utf8Span.span) else { return nil }
            return contents
        }
    }

    private struct Slots: Sendable {
        var entries: [Entry?]
        var uses: UInt64 = 0
    }

    private static let ways = 4

    /// The cache is divided into shards. Each shard has its own lock, so that parallel lookups seldom wait for each
    /// other.
    private let shards: [Guarded<Slots>]
    private let setsPerShard: Int
    private let seed = UInt64.random(in: .min ... .max)
    /// The highest serial number of a key set that a caller passed; 0 before the first call. Tokens whose key is not in
    /// that key set have been removed from the cache.
    private let newestKeySet = Atomic<UInt64>(0)

    /// The largest allowed number of tokens in the cache.
    static let maximumCapacity = 1_048_576

    /// Creates an empty cache for at least `capacity` tokens, limited to 1...``maximumCapacity``. The number is rounded
    /// up, because all shards (at most 16) have the same number of places, a multiple of 4.
    init(capacity: Int) {
        let sets = (min(max(capacity, 1), Self.maximumCapacity) + Self.ways - 1) / Self.ways
        let shardCount = min(16, sets)
        setsPerShard = (sets + shardCount - 1) / shardCount
        let slotCount = setsPerShard * Self.ways
        shards = (0..<shardCount).map { _ in Guarded(Slots(entries: Array(repeating: nil, count: slotCount))) }
    }

    /// Returns the contents of `token`; `nil` if the token is not stored, or if the key that signed it is not in
    /// `keys`.
    func entry(for token: String, keys: KeySet) -> TokenContents? {
        dropWithdrawn(keys)
        guard let location = location(of: token) else { return nil }
        return location.shard.withLock { slots in
            for index in location.indices where slots.entries[index]?.tag == location.tag {
                slots.uses += 1
                slots.entries[index]?.lastUse = slots.uses
                return slots.entries[index]?.contents(of: token, keys: keys)
            }
            return nil
        }
    }

    /// Stores a token that `key` signed.
    func insert(_ token: String, _ contents: TokenContents, key: VerificationKey) {
        guard let location = location(of: token) else { return }
        location.shard.withLock { slots in
            slots.uses += 1
            let entry = Entry(tag: location.tag, token: token, contents: contents, key: key, lastUse: slots.uses)
            var oldest = location.indices.lowerBound
            for index in location.indices {
                guard let present = slots.entries[index], present.tag != location.tag else {
                    slots.entries[index] = entry
                    return
                }
                if present.lastUse < slots.entries[oldest]?.lastUse ?? 0 { oldest = index }
            }
            slots.entries[oldest] = entry
        }
    }

    /// The number of tokens that the cache can store.
    var slotCount: Int { shards.count * setsPerShard * Self.ways }

    /// The number of stored tokens.
    var count: Int {
        shards.reduce(0) { sum, shard in sum + shard.withLock { $0.entries.count { $0 != nil } } }
    }

    /// Removes the tokens whose key is not in `keys`. Does nothing if a caller has already passed `keys` or a newer key
    /// set.
    private func dropWithdrawn(_ keys: KeySet) {
        let newest = newestKeySet.load(ordering: .relaxed)
        guard keys.serialNumber > newest,
            newestKeySet.compareExchange(
                expected: newest, desired: keys.serialNumber, ordering: .relaxed
            ).exchanged
        else { return }
        for shard in shards {
            shard.withLock { slots in
                for index in slots.entries.indices {
                    if let entry = slots.entries[index], !keys.contains(entry.key) { slots.entries[index] = nil }
                }
            }
        }
    }

    private func location(of token: String) -> (shard: Guarded<Slots>, indices: Range<Int>, tag: UInt64)? {
        let bytes = token.utf8Span.span
        guard (16...Self.maximumTokenBytes).contains(bytes.count) else { return nil }
        // The position in the cache depends on the last 16 characters of the token, which encode 96 bits of its
        // signature. Only the owner of the private key can choose these bits, so tokens are spread evenly. The random
        // seed hides which tokens compete for the same four places.
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in bytes.count - 16..<bytes.count - 8 {
            high = high << 8 | UInt64(bytes[index])
            low = low << 8 | UInt64(bytes[index + 8])
        }
        let product = (low ^ seed).multipliedFullWidth(by: high | 1)
        let tag = product.high ^ product.low
        let shard = shards[Int(tag % UInt64(shards.count))]
        let first = Int((tag >> 8) % UInt64(setsPerShard)) * Self.ways
        return (shard, first..<first + Self.ways, tag)
    }

    /// Whether `left` and `right` have the same bytes. The time depends only on their length.
    private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        // Unchecked access is safe, because both spans have the same length. The loop has no branch per byte, so the
        // compiler uses vector instructions.
        for index in left.indices { difference |= unsafe left[unchecked: index] ^ right[unchecked: index] }
        return difference == 0
    }
}
