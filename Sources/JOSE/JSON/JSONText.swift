/// The position of a checked string in a JSON text. The string in the text still contains its escapes.
///
/// Pass the JSON text itself to every method that takes `bytes`.
package struct JSONText: Sendable, Equatable {
    private let start: UInt32
    private let end: UInt32
    /// The length of the unescaped string in bytes of UTF-8.
    package let count: Int

    /// The position of the escaped string in the JSON text, without the quotation marks.
    package var range: Range<Int> { Int(start)..<Int(end) }

    /// Whether the string contains an escape such as `\n`. If so, the string is longer in the JSON text than when
    /// unescaped, because every escape is longer than its character.
    package var isEscaped: Bool { Int(end - start) != count }

    init(range: Range<Int>, count: Int) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
        self.count = count
    }

    /// Returns the unescaped string.
    package func string(in bytes: Span<UInt8>) -> String {
        String(unescaping: self, in: bytes)
    }

    /// Whether the unescaped string equals `other` byte by byte, without Unicode normalisation.
    package func isExactly(_ other: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        let expected = unsafe UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        guard isEscaped else {
            for offset in 0..<count {
                guard unsafe bytes[Int(start) + offset] == expected[offset] else { return false }
            }
            return true
        }
        var unescaped = JSONUnescaping(self)
        var position = 0
        while let byte = unescaped.next(in: bytes) {
            guard unsafe byte == expected[position] else { return false }
            position += 1
        }
        return true
    }
}

extension String {
    fileprivate init(unescaping text: JSONText, in bytes: Span<UInt8>) {
        self = unsafe String(unsafeUninitializedCapacity: text.count) { buffer in
            if text.isEscaped {
                var unescaped = JSONUnescaping(text)
                var position = 0
                while let byte = unescaped.next(in: bytes) {
                    unsafe buffer[position] = byte
                    position += 1
                }
                return position
            }
            let raw = bytes.extracting(text.range)
            return unsafe raw.withUnsafeBufferPointer { unsafe buffer.update(fromContentsOf: $0) }
        }
    }
}

/// Iterates over the bytes of a checked JSON string with its escapes resolved.
struct JSONUnescaping {
    private var position: Int
    private let end: Int
    /// The bytes of an escaped character that the iterator has not returned yet; 0 if there are none. The lowest eight
    /// bits hold the next byte.
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
