/// The bytes of a checked JSON string, one after the other, with its escapes resolved.
struct JSONUnescaping {
    private var position: Int
    private let end: Int
    /// Bytes of an escaped character still to hand out, the next one lowest.
    private var pending: UInt32 = 0

    init(_ text: JSONText) {
        position = text.range.lowerBound
        end = text.range.upperBound
    }

    mutating func next(in bytes: Span<UInt8>) -> UInt8? {
        if pending != 0 {
            defer { pending >>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard position < end else { return nil }
        let byte = bytes[position]
        position += 1
        guard byte == UInt8(ascii: "\\") else { return byte }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return unicode(in: bytes)
        default: return escape
        }
    }

    private mutating func unicode(in bytes: Span<UInt8>) -> UInt8 {
        var scalar = hexadecimal(in: bytes)
        if scalar & 0xF800 == 0xD800 {
            position += 2
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + hexadecimal(in: bytes) & 0x3FF
        }
        switch scalar {
        case ..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case ..<0x800:
            pending = trailing(scalar)
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        case ..<0x10000:
            pending = trailing(scalar >> 6) | trailing(scalar) << 8
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        default:
            pending = trailing(scalar >> 12) | trailing(scalar >> 6) << 8 | trailing(scalar) << 16
            return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        }
    }

    private func trailing(_ bits: UInt32) -> UInt32 { 0x80 | bits & 0x3F }

    private mutating func hexadecimal(in bytes: Span<UInt8>) -> UInt32 {
        var value: UInt32 = 0
        for offset in position..<position + 4 {
            value = value << 4 | (JSONScanner.hexadecimal(bytes[offset]) ?? 0)
        }
        position += 4
        return value
    }
}
