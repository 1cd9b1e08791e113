import SignetStore

/// A time at the head of an index key: 8 bytes whose order is the order of the times.
enum KeyTime {
    static let byteCount = 8

    static func bytes(_ time: Timestamp) -> [UInt8] {
        // With the sign bit flipped, times before 1970 sort before the others.
        let ordered = UInt64(bitPattern: time.milliseconds) ^ 1 << 63
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + 16)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: ordered >> shift)) }
        return bytes
    }

    /// The time at the head of `key`; `nil` when the key is too short to have one.
    static func time(of key: [UInt8]) -> Timestamp? {
        guard key.count > byteCount else { return nil }
        let ordered = key.prefix(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
        return Timestamp(milliseconds: Int64(bitPattern: ordered ^ 1 << 63))
    }
}
