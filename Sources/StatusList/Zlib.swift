import CZlib

/// The ZLIB format (RFC 1950), in one go and within bounds.
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

    /// - Parameter maximumCount: the most bytes of the result.
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
