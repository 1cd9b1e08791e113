import SignetStore

/// The form of a time in an index key: 8 bytes that sort as the times do.
enum KeyTime {
    static let byteCount = 8

    static func bytes(_ time: Timestamp) -> [UInt8] {
        // The sign bit is flipped, so that times before 1970 sort before the others.
        (UInt64(bitPattern: time.milliseconds) ^ 1 << 63).bigEndianBytes
    }

    /// Reads a time from its 8 bytes; `nil` for any other count.
    static func time(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
        UInt64(bigEndianBytes: bytes.span).map { Timestamp(milliseconds: Int64(bitPattern: $0 ^ 1 << 63)) }
    }

    /// Reads the time at the start of `key`; `nil` unless more bytes follow it.
    static func time(of key: [UInt8]) -> Timestamp? {
        key.count > byteCount ? time(key.prefix(byteCount)) : nil
    }
}

/// The form of a sequence number in a key: 8 bytes, most significant first.
enum KeySequence {
    static let byteCount = 8

    static func bytes(_ sequence: UInt64) -> [UInt8] { sequence.bigEndianBytes }

    /// Reads the number at the end of `key`; `nil` unless exactly `count` bytes precede it.
    static func sequence(of key: [UInt8], after count: Int = 0) -> UInt64? {
        guard key.count == count + byteCount else { return nil }
        return UInt64(bigEndianBytes: key.span.extracting(last: byteCount))
    }
}

extension StatusListIndex {
    /// The index as a key: 4 bytes, most significant first.
    var bytes: [UInt8] { rawValue.bigEndianBytes }
}
