import JOSE
import SharedState
import Synchronization

/// Remembers tokens whose signature was found good, so that a repeated token costs no signature check.
///
/// An entry is the whole token, compared byte for byte in constant time, with the key that signed it: nothing short of
/// the same token can be taken for it. Only the signature is remembered: time and policy are checked again every time,
/// and an entry counts only while its key is one of the current ones. The number of entries is fixed, and the one used
/// longest ago among four gives way.
final class SignatureCache: Sendable {
    /// Longer tokens are not remembered, so that the number of entries bounds the memory.
    static let maximumTokenBytes = 4096

    private struct Entry: Sendable {
        let tag: UInt64
        let token: String
        let contents: TokenContents
        let key: VerificationKey
        var lastUse: UInt64

        /// What the token says, if it is this very one and its key still counts.
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

    /// Parts of the cache with a lock of their own, held only to pick out or place an entry.
    private let shards: [Guarded<Slots>]
    private let setsPerShard: Int
    private let seed = UInt64.random(in: .min ... .max)
    /// The newest key set that was seen; entries of keys that it lacks have been dropped.
    private let newestKeySet = Atomic<UInt64>(0)

    /// The most tokens that are remembered.
    static let maximumCapacity = 1_048_576

    /// - Parameter capacity: How many tokens to remember, from 1 to ``maximumCapacity``, beyond which it counts as the
    ///   nearest of these; rounded up to a multiple of 4 in each of up to 16 shards.
    init(capacity: Int) {
        let sets = (min(max(capacity, 1), Self.maximumCapacity) + Self.ways - 1) / Self.ways
        let shardCount = min(16, sets)
        setsPerShard = (sets + shardCount - 1) / shardCount
        let slotCount = setsPerShard * Self.ways
        shards = (0..<shardCount).map { _ in Guarded(Slots(entries: Array(repeating: nil, count: slotCount))) }
    }

    /// What `token` says, when its signature by one of `keys` has been seen before.
    func entry(for token: String, keys: KeySet) -> TokenContents? {
        dropWithdrawn(keys)
        guard let place = place(of: token) else { return nil }
        return place.shard.withLock { slots in
            for index in place.indices where slots.entries[index]?.tag == place.tag {
                slots.uses += 1
                slots.entries[index]?.lastUse = slots.uses
                return slots.entries[index]?.contents(of: token, keys: keys)
            }
            return nil
        }
    }

    /// Remembers that `key` signed `token`.
    func insert(_ token: String, _ contents: TokenContents, key: VerificationKey) {
        guard let place = place(of: token) else { return }
        place.shard.withLock { slots in
            slots.uses += 1
            let entry = Entry(tag: place.tag, token: token, contents: contents, key: key, lastUse: slots.uses)
            var oldest = place.indices.lowerBound
            for index in place.indices {
                guard let present = slots.entries[index], present.tag != place.tag else {
                    slots.entries[index] = entry
                    return
                }
                if present.lastUse < slots.entries[oldest]?.lastUse ?? 0 { oldest = index }
            }
            slots.entries[oldest] = entry
        }
    }

    /// How many tokens can be remembered.
    var slotCount: Int { shards.count * setsPerShard * Self.ways }

    /// How many tokens are remembered now.
    var count: Int {
        shards.reduce(0) { sum, shard in sum + shard.withLock { $0.entries.count { $0 != nil } } }
    }

    /// Empties the entries of withdrawn keys, once for every new key set.
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

    private func place(of token: String) -> (shard: Guarded<Slots>, indices: Range<Int>, tag: UInt64)? {
        let bytes = token.utf8Span.span
        guard (16...Self.maximumTokenBytes).contains(bytes.count) else { return nil }
        // A token ends with its signature, which nobody without the private key can choose: its last 96 bits spread
        // the tokens evenly, and the seed hides how.
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

    /// Whether both are the same bytes; the time it takes tells nothing of where they differ.
    private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        // Without bounds checks the loop runs sixteen bytes at a time.
        for index in left.indices { difference |= unsafe left[unchecked: index] ^ right[unchecked: index] }
        return difference == 0
    }
}
