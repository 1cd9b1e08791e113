/// A sequence number as a key or at the end of one: 8 bytes, most significant first.
enum KeySequence {
    static let byteCount = 8

    static func bytes(_ sequence: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: sequence >> $0) }
    }

    /// The number at the end of `key`; `nil` unless `key` has `count` bytes before it.
    static func sequence(of key: [UInt8], after count: Int = 0) -> UInt64? {
        guard key.count == count + byteCount else { return nil }
        return key.suffix(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
