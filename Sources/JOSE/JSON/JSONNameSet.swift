/// Finds duplicate member names while a JSON text is scanned.
///
/// The first sixteen names are stored inline, and only their lengths and first eight bytes are compared. All names move
/// to a hash table at the seventeenth name, or when two names of an object have the same length and first eight bytes.
/// The hashes have a random seed, so an attacker cannot choose names that make the search slower than linear.
struct JSONNameSet: ~Copyable {
    private struct Entry {
        var name: JSONText
        var object: UInt32
        /// The first eight bytes of the name if it is stored inline; its hash if it is in the hash table.
        var key: UInt64

        /// Whether the two names may be equal. If so, only a comparison of all bytes can tell.
        func isLike(_ other: Entry) -> Bool {
            key == other.key && object == other.object && name.count == other.name.count
        }
    }

    private static let fewCount = 16
    private static let vacant = Entry(name: JSONText(range: 0..<0, count: 0), object: 0, key: 0)

    private var few: [16 of Entry]
    private var count = 0
    /// A hash table with open addressing. Its size is a power of two, and at most half of it is used. While all names
    /// are stored inline, the table is empty.
    private var table: [Entry] = []
    /// For each nesting depth, the ID of the JSON object that began last at this depth; 0 if there was none. Objects
    /// are numbered from 1 in the order in which they begin.
    private var objects: [33 of UInt32]
    private var objectCount: UInt32 = 0
    /// The number of steps so far: bytes hashed or compared, and names examined. A test uses this counter to check that
    /// the search takes linear time.
    private(set) var work = 0

    init() {
        few = .init(repeating: Self.vacant)
        objects = .init(repeating: 0)
    }

    mutating func beginObject(depth: Int) {
        objectCount += 1
        objects[depth] = objectCount
    }

    /// Adds `name` to the open object at nesting depth `depth`; returns `false` if the object already has this name.
    mutating func insert(_ name: JSONText, depth: Int, in bytes: Span<UInt8>) -> Bool {
        var entry = Entry(name: name, object: objects[depth], key: 0)
        if table.isEmpty, count < Self.fewCount {
            entry.key = prefix(of: name, in: bytes)
            if !mayBeAmongFew(entry) {
                few[count] = entry
                count += 1
                return true
            }
        }
        if (count + 1) * 2 > table.count { grow(in: bytes) }
        entry.key = hash(of: name, object: entry.object, in: bytes)
        guard insertIntoTable(entry, in: bytes) else { return false }
        count += 1
        return true
    }

    private mutating func mayBeAmongFew(_ entry: Entry) -> Bool {
        work += count
        for index in 0..<count where few[index].isLike(entry) { return true }
        return false
    }

    private mutating func insertIntoTable(_ entry: Entry, in bytes: Span<UInt8>) -> Bool {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: entry.key) & mask
        while table[slot].object != 0 {
            work += 1
            if isSame(table[slot], entry, in: bytes) { return false }
            slot = (slot + 1) & mask
        }
        table[slot] = entry
        return true
    }

    private mutating func grow(in bytes: Span<UInt8>) {
        let former = table
        table = Array(repeating: Self.vacant, count: max(64, former.count * 2))
        if former.isEmpty {
            for index in 0..<count {
                var entry = few[index]
                entry.key = hash(of: entry.name, object: entry.object, in: bytes)
                _ = insertIntoTable(entry, in: bytes)
            }
        } else {
            for entry in former where entry.object != 0 {
                _ = insertIntoTable(entry, in: bytes)
            }
        }
    }

    private mutating func isSame(_ left: Entry, _ right: Entry, in bytes: Span<UInt8>) -> Bool {
        guard left.isLike(right) else { return false }
        work += left.name.count
        var leftBytes = JSONUnescaping(left.name)
        var rightBytes = JSONUnescaping(right.name)
        while let byte = leftBytes.next(in: bytes) {
            guard byte == rightBytes.next(in: bytes) else { return false }
        }
        return true
    }

    private func prefix(of name: JSONText, in bytes: Span<UInt8>) -> UInt64 {
        var unescaped = JSONUnescaping(name)
        var prefix: UInt64 = 0
        for _ in 0..<min(8, name.count) {
            prefix = prefix << 8 | UInt64(unescaped.next(in: bytes) ?? 0)
        }
        return prefix
    }

    private mutating func hash(of name: JSONText, object: UInt32, in bytes: Span<UInt8>) -> UInt64 {
        work += name.count
        var hasher = Hasher()
        hasher.combine(object)
        var unescaped = JSONUnescaping(name)
        while let byte = unescaped.next(in: bytes) {
            hasher.combine(byte)
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
