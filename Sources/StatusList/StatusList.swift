// The bits of a Token Status List and their compression. This target does not sign, verify or fetch lists.

import CZlib

/// A Token Status List with one bit per entry, uncompressed (draft-ietf-oauth-status-list, section 4.1).
///
/// A set bit means that the token or session is revoked. Entries fill each byte from the least significant bit.
package struct StatusList: Sendable, Hashable {
    /// The largest number of entries in a list: 8,388,608, which is 1 MiB of bits.
    package static let maximumCount = 1 << 23

    private var bytes: [UInt8]

    /// Creates a status list in which no bit is set, so no token is revoked.
    ///
    /// - Parameter count: The number of entries, 1 to ``maximumCount``; rounded up to a multiple of 8.
    package init(count: Int) {
        precondition(
            (1...Self.maximumCount).contains(count), "a status list must have 1 to \(Self.maximumCount) entries")
        bytes = Array(repeating: 0, count: (count + 7) / 8)
    }

    /// Creates a list from 1 to 1,048,576 bytes. Each byte holds eight entries.
    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The number of entries.
    package var count: Int { bytes.count * 8 }

    /// The number of entries whose bit is set, which means revoked.
    package var setCount: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether the bit of the entry at `index` is set, which means revoked. The index must be in `0..<count`.
    package subscript(index: Int) -> Bool {
        get { bytes[index >> 3] & 1 << UInt8(index & 7) != 0 }
        set {
            let bit: UInt8 = 1 << UInt8(index & 7)
            if newValue { bytes[index >> 3] |= bit } else { bytes[index >> 3] &= ~bit }
        }
    }

    /// Compresses the list to the ZLIB format (RFC 1950) at the highest level.
    ///
    /// - Throws: ``StatusListError/outOfMemory`` if zlib gets no memory.
    package func compressed() throws(StatusListError) -> [UInt8] { try Zlib.deflate(bytes) }

    /// Decompresses a list in the ZLIB format. `maximumCount` is the largest accepted number of entries.
    ///
    /// The input may be hostile: decompression never uses more memory than `maximumCount` entries need.
    ///
    /// - Throws: ``StatusListError`` if the input is not a ZLIB stream, or if it has no entries or too many.
    package init(
        inflating compressed: [UInt8], maximumCount: Int = Self.maximumCount
    ) throws(StatusListError) {
        let bytes = try Zlib.inflate(compressed, maximumCount: min(maximumCount, Self.maximumCount) / 8)
        guard !bytes.isEmpty else { throw .empty }
        self.bytes = bytes
    }
}

/// Why a status list cannot be compressed or decompressed.
package enum StatusListError: Error, Sendable, CaseIterable {
    /// The bytes are not ZLIB, are cut short, fail the checksum, or are followed by more bytes.
    case malformed
    /// The list has more entries than accepted.
    case tooLarge
    /// The list has no entries.
    case empty
    case outOfMemory
}

/// Compression and decompression in the ZLIB format (RFC 1950), each in one call.
enum Zlib {
    static func deflate(_ bytes: [UInt8]) throws(StatusListError) -> [UInt8] {
        var status = Z_OK
        let compressed = unsafe [UInt8](
            unsafeUninitializedCapacity: Int(compressBound(uLong(bytes.count)))
        ) { buffer, count in
            var length = uLongf(buffer.count)
            status = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe compress2(
                    buffer.baseAddress, &length, bytes.baseAddress, uLong(bytes.count), Z_BEST_COMPRESSION)
            }
            count = status == Z_OK ? Int(length) : 0
        }
        guard status == Z_OK else { throw .outOfMemory }
        return compressed
    }

    /// Decompresses to at most `maximumCount` bytes. Throws `tooLarge` if the result would be longer.
    static func inflate(_ compressed: [UInt8], maximumCount: Int) throws(StatusListError) -> [UInt8] {
        var status = Z_OK
        var consumed = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(1, maximumCount)) { buffer, count in
            var length = uLongf(maximumCount)
            var taken = uLong(compressed.count)
            status = unsafe compressed.withUnsafeBufferPointer { compressed in
                unsafe uncompress2(buffer.baseAddress, &length, compressed.baseAddress, &taken)
            }
            consumed = Int(taken)
            count = status == Z_OK ? Int(length) : 0
        }
        switch status {
        case Z_OK where consumed == compressed.count: return bytes
        case Z_BUF_ERROR: throw .tooLarge
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .malformed
        }
    }
}
