import SignetStore

/// Encodes and decodes a time as 8 bytes in an index key. The bytes sort in the order of the times.
enum KeyTime {
    static let byteCount = 8

    static func bytes(_ time: Timestamp) -> [UInt8] {
        // Flip the sign bit, so that times before 1970 sort before later times.
        (UInt64(bitPattern: time.milliseconds) ^ 1 << 63).bigEndianBytes
    }

    /// Decodes a time from 8 bytes. Returns `nil` if there are not exactly 8 bytes.
    static func time(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
        UInt64(bigEndianBytes: bytes.span).map { Timestamp(milliseconds: Int64(bitPattern: $0 ^ 1 << 63)) }
    }

    /// Decodes the time at the start of `key`. Returns `nil` unless `key` is longer than the 8 bytes of the time.
    static func time(of key: [UInt8]) -> Timestamp? {
        key.count > byteCount ? time(key.prefix(byteCount)) : nil
    }
}

/// Encodes and decodes a sequence number as 8 bytes in a key, most significant byte first.
enum KeySequence {
    static let byteCount = 8

    static func bytes(_ sequence: UInt64) -> [UInt8] { sequence.bigEndianBytes }

    /// Decodes the sequence number at the end of `key`. Returns `nil` unless exactly `count` bytes precede the number.
    static func sequence(of key: [UInt8], after count: Int = 0) -> UInt64? {
        guard key.count == count + byteCount else { return nil }
        return UInt64(bigEndianBytes: key.span.extracting(last: byteCount))
    }
}

extension StatusListIndex {
    /// The status list index as a key: 4 bytes, most significant first.
    var bytes: [UInt8] { rawValue.bigEndianBytes }
}
