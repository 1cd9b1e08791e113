/// One bit for each of many tokens, set when it is revoked: the uncompressed half of a Token Status List with one bit per
/// entry (draft-ietf-oauth-status-list, section 4.1).
///
/// Entries are packed into bytes from the least significant bit.
package struct StatusList: Sendable, Hashable {
    /// The most entries of a list: 1 MiB of bits.
    package static let maximumCount = 1 << 23

    private var bytes: [UInt8]

    /// A list of `count` entries, none of them set.
    /// - Parameter count: 1…``maximumCount``; rounded up to a multiple of 8.
    package init(count: Int) {
        precondition((1...Self.maximumCount).contains(count), "a status list of \(count) entries")
        bytes = Array(repeating: 0, count: (count + 7) / 8)
    }

    /// - Parameter bytes: as they stand in a list; at least one, and no more than ``maximumCount`` entries.
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// How many entries there are.
    package var count: Int { bytes.count * 8 }

    /// How many of them are set.
    package var setCount: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether the entry at `index`, which is in 0..<``count``, is set.
    package subscript(index: Int) -> Bool {
        get { bytes[index >> 3] & 1 << UInt8(index & 7) != 0 }
        set {
            let bit: UInt8 = 1 << UInt8(index & 7)
            if newValue { bytes[index >> 3] |= bit } else { bytes[index >> 3] &= ~bit }
        }
    }

    /// The list in the ZLIB format (RFC 1950), as small as it gets.
    /// - Throws: ``StatusListError/outOfMemory``.
    package func compressed() throws(StatusListError) -> [UInt8] { try Zlib.deflate(bytes) }

    /// Reads a list in the ZLIB format, whatever was put into it: it takes no more memory than `maximumCount` entries
    /// need.
    /// - Throws: ``StatusListError``.
    package init(
        inflating compressed: [UInt8], maximumCount: Int = Self.maximumCount
    ) throws(StatusListError) {
        let bytes = try Zlib.inflate(compressed, maximumCount: min(maximumCount, Self.maximumCount) / 8)
        guard !bytes.isEmpty else { throw .empty }
        self.bytes = bytes
    }
}
