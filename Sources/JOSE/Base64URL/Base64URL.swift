/// Base64url without padding (RFC 4648 §5, RFC 7515 §2).
///
/// The decoder accepts only the canonical text of each byte string, so two different texts never decode to the same
/// bytes. It refuses padding, whitespace, `+` and `/`, a text whose length is one more than a multiple of four, and
/// unused bits that are not zero.
package enum Base64URL {
    /// Encodes `bytes` as base64url text without padding. The text is a third longer than `bytes`, rounded up.
    @inlinable
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encodedBytes(Array(bytes)), as: UTF8.self)
    }

    /// Decodes the ASCII `text`; returns `nil` if `text` is not canonical base64url.
    @inlinable
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let contiguous = Array(text)
        return decode(contiguous.span)
    }

    /// Decodes the ASCII `text`; returns `nil` if `text` is not canonical base64url.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var work = 0
        return decode(text, work: &work)
    }

    /// Decodes the ASCII `text`; returns `nil` if `text` is not canonical base64url.
    ///
    /// - Parameter work: Increased by the number of characters read and bytes written. A test uses this counter to
    ///   check that decoding takes linear time.
    package static func decode(_ text: Span<UInt8>, work: inout Int) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var isCanonical = false
        // `Array.init(capacity:initializingWith:)` would be slower, because it looks up generic metadata at every call.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 2) { buffer, initializedCount in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            isCanonical = decode(text, appendingTo: &output, work: &work)
            unsafe initializedCount = output.finalize(for: buffer)
        }
        return isCanonical ? bytes : nil
    }

    private static func decode(
        _ text: Span<UInt8>, appendingTo output: inout OutputSpan<UInt8>, work: inout Int
    ) -> Bool {
        let whole = text.count & ~3
        // The bitwise OR of the values of all groups of four characters. A valid group sets only the low 24 bits; a
        // group with an invalid character sets all 32. One check at the end therefore finds any invalid character.
        var seen: UInt32 = 0
        var position = 0
        while position < whole {
            // `position + 3` is in bounds, because `whole` is a multiple of four and at most `text.count`.
            let group =
                unsafe bits[Int(text[unchecked: position])] | bits[256 + Int(text[unchecked: position &+ 1])]
                | bits[512 + Int(text[unchecked: position &+ 2])] | bits[768 + Int(text[unchecked: position &+ 3])]
            seen |= group
            output.append(UInt8(truncatingIfNeeded: group >> 16))
            output.append(UInt8(truncatingIfNeeded: group >> 8))
            output.append(UInt8(truncatingIfNeeded: group))
            position += 4
        }
        work += position + output.count
        var leftover: UInt32 = 0
        switch text.count - whole {
        case 2:
            let group = bits[Int(text[whole])] | bits[256 + Int(text[whole + 1])]
            seen |= group
            leftover = group & 0xFFFF
            output.append(UInt8(truncatingIfNeeded: group >> 16))
        case 3:
            let group = bits[Int(text[whole])] | bits[256 + Int(text[whole + 1])] | bits[512 + Int(text[whole + 2])]
            seen |= group
            leftover = group & 0xFF
            output.append(UInt8(truncatingIfNeeded: group >> 16))
            output.append(UInt8(truncatingIfNeeded: group >> 8))
        default:
            break
        }
        work += (text.count - whole) * 2
        return seen < 1 << 24 && leftover == 0
    }

    /// Encodes `bytes` and returns the text as ASCII bytes.
    @usableFromInline
    package static func encodedBytes(_ bytes: [UInt8]) -> [UInt8] {
        let count = (bytes.count * 4 + 2) / 3
        // `Array.init(capacity:initializingWith:)` would be slower, because it looks up generic metadata at every call.
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            encode(bytes.span, appendingTo: &output)
            unsafe initializedCount = output.finalize(for: buffer)
        }
    }

    private static func encode(_ bytes: Span<UInt8>, appendingTo output: inout OutputSpan<UInt8>) {
        let whole = bytes.count - bytes.count % 3
        var position = 0
        while position < whole {
            // `position + 2` is in bounds, because `whole` is a multiple of three and at most `bytes.count`.
            let group =
                unsafe UInt32(bytes[unchecked: position]) << 16 | UInt32(bytes[unchecked: position &+ 1]) << 8
                | UInt32(bytes[unchecked: position &+ 2])
            output.append(character(group >> 18))
            output.append(character(group >> 12))
            output.append(character(group >> 6))
            output.append(character(group))
            position &+= 3
        }
        switch bytes.count - whole {
        case 1:
            let group = UInt32(bytes[whole]) << 16
            output.append(character(group >> 18))
            output.append(character(group >> 12))
        case 2:
            let group = UInt32(bytes[whole]) << 16 | UInt32(bytes[whole + 1]) << 8
            output.append(character(group >> 18))
            output.append(character(group >> 12))
            output.append(character(group >> 6))
        default:
            break
        }
    }

    private static func character(_ group: UInt32) -> UInt8 {
        // The index is in bounds: six bits select one of the 64 characters of the alphabet.
        unsafe alphabet[unchecked: Int(group & 0x3F)]
    }

    private static let alphabet: [64 of UInt8] = {
        var alphabet = [64 of UInt8](repeating: 0)
        let characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
        for (value, character) in characters.enumerated() { alphabet[value] = character }
        return alphabet
    }()

    /// The value of every byte at each of the four positions in a group: four tables of 256 entries. The value of a
    /// base64url character is its 6 bits, shifted to their place in the 24 bits of the group. The value of any other
    /// byte has all 32 bits set.
    private static let bits: [1024 of UInt32] = {
        var bits = [1024 of UInt32](repeating: .max)
        for value in 0..<UInt32(64) {
            let index = Int(character(value))
            bits[index] = value << 18
            bits[256 + index] = value << 12
            bits[512 + index] = value << 6
            bits[768 + index] = value
        }
        return bits
    }()
}
