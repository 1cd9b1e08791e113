/// The URL-safe alphabet of RFC 4648 §5, unpadded, as RFC 7515 §2 asks for it, and in no other spelling.
///
/// Every byte string has exactly one text here: padding, whitespace, the characters `+` and `/`, a dangling single
/// character and non-zero bits after the last whole byte are all refused, so that nobody can respell a token.
package enum Base64URL {
    /// The unpadded text of `bytes`; a third longer, rounded up.
    @inlinable
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encodedBytes(Array(bytes)), as: UTF8.self)
    }

    /// The bytes that `text` (ASCII) stands for, or `nil` when it is not the canonical spelling of any.
    @inlinable
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let contiguous = Array(text)
        return decode(contiguous.span)
    }

    /// The bytes that `text` (ASCII) stands for, or `nil` when it is not the canonical spelling of any.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isCanonical = false
        let bytes = [UInt8](capacity: text.count / 4 * 3 + 2) { output in
            isCanonical = decode(text, appendingTo: &output)
        }
        return isCanonical ? bytes : nil
    }

    private static func decode(_ text: Span<UInt8>, appendingTo output: inout OutputSpan<UInt8>) -> Bool {
        let whole = text.count & ~3
        // Every value of a character is below 64, so one look at the end tells whether a stranger was among them.
        var seen: UInt8 = 0
        var position = 0
        while position < whole {
            let first = values[Int(text[position])]
            let second = values[Int(text[position + 1])]
            let third = values[Int(text[position + 2])]
            let fourth = values[Int(text[position + 3])]
            seen |= first | second | third | fourth
            output.append(first << 2 | second >> 4)
            output.append(second << 4 | third >> 2)
            output.append(third << 6 | fourth)
            position += 4
        }
        var leftover: UInt8 = 0
        switch text.count - whole {
        case 2:
            let first = values[Int(text[whole])]
            let second = values[Int(text[whole + 1])]
            seen |= first | second
            leftover = second & 0x0F
            output.append(first << 2 | second >> 4)
        case 3:
            let first = values[Int(text[whole])]
            let second = values[Int(text[whole + 1])]
            let third = values[Int(text[whole + 2])]
            seen |= first | second | third
            leftover = third & 0x03
            output.append(first << 2 | second >> 4)
            output.append(second << 4 | third >> 2)
        default:
            break
        }
        return seen < 64 && leftover == 0
    }

    /// The text of ``encode(_:)`` as its ASCII bytes.
    @usableFromInline
    package static func encodedBytes(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](capacity: (bytes.count * 4 + 2) / 3) { output in
            var position = 0
            while position + 2 < bytes.count {
                let group =
                    UInt32(bytes[position]) << 16 | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2])
                output.append(character(group >> 18))
                output.append(character(group >> 12))
                output.append(character(group >> 6))
                output.append(character(group))
                position += 3
            }
            switch bytes.count - position {
            case 1:
                let group = UInt32(bytes[position]) << 16
                output.append(character(group >> 18))
                output.append(character(group >> 12))
            case 2:
                let group = UInt32(bytes[position]) << 16 | UInt32(bytes[position + 1]) << 8
                output.append(character(group >> 18))
                output.append(character(group >> 12))
                output.append(character(group >> 6))
            default:
                break
            }
        }
    }

    private static func character(_ bits: UInt32) -> UInt8 {
        switch UInt8(truncatingIfNeeded: bits & 0x3F) {
        case let value where value < 26: value + UInt8(ascii: "A")
        case let value where value < 52: value - 26 + UInt8(ascii: "a")
        case let value where value < 62: value - 52 + UInt8(ascii: "0")
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    /// The six bits of each character; 0xFF for a byte outside the alphabet.
    private static let values: [256 of UInt8] = {
        var values = [256 of UInt8](repeating: 0xFF)
        for bits in 0..<UInt32(64) {
            values[Int(character(bits))] = UInt8(bits)
        }
        return values
    }()
}
