/// Fixed-width integers as bytes, most significant byte first.
///
/// Unsigned integers sort in the same order as their bytes. A store can therefore use the bytes as keys.
extension FixedWidthInteger {
    /// The integer's `bitWidth / 8` bytes, most significant first.
    @inlinable
    package var bigEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.bitWidth / 8)
        bytes.appendBigEndian(self)
        return bytes
    }

    /// Reads an integer from its bytes, most significant first. Returns `nil` if there are too few or too many bytes.
    @inlinable
    package init?(bigEndianBytes bytes: Span<UInt8>) {
        guard bytes.count == Self.bitWidth / 8 else { return nil }
        self = 0
        for index in bytes.indices { self = self << 8 | Self(truncatingIfNeeded: bytes[index]) }
    }
}

extension [UInt8] {
    /// Appends the bytes of `value`, most significant first.
    @inlinable
    package mutating func appendBigEndian<Value: FixedWidthInteger>(_ value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
