/// Encodes and decodes single names and values of `application/x-www-form-urlencoded` data (RFC 6749 appendix B).
package enum FormCoding {
    /// Encodes `text` for a form. Letters, digits, `-`, `.`, `_` and `*` stay as they are. A space becomes `+`. Every
    /// other byte of the UTF-8 is percent-encoded.
    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                bytes.append(byte)
            case UInt8(ascii: " "):
                bytes.append(UInt8(ascii: "+"))
            default:
                bytes += [UInt8(ascii: "%"), hexDigit(byte >> 4), hexDigit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes a form-encoded text: `+` becomes a space, and `%41` becomes the byte 0x41.
    /// - Returns: `nil` for an escape without two hexadecimal digits, and for bytes that are not UTF-8.
    package static func decode(_ encoded: Span<UInt8>) -> String? {
        // A fast path: a text without `+` and `%`, like most tokens, IDs and secrets, needs no decoding.
        guard let escape = encoded.indices.first(where: { isEscape(encoded[$0]) }) else { return text(encoded) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        for index in 0..<escape { bytes.append(encoded[index]) }
        var index = escape
        while index < encoded.count {
            switch encoded[index] {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < encoded.count, let high = hexValue(encoded[index + 1]),
                    let low = hexValue(encoded[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 2
            case let byte:
                bytes.append(byte)
            }
            index += 1
        }
        return text(bytes.span)
    }

    /// Decodes a form-encoded text; see ``decode(_:)-(Span<UInt8>)``.
    package static func decode(_ encoded: ArraySlice<UInt8>) -> String? { decode(encoded.span) }

    /// Decodes a form-encoded text; see ``decode(_:)-(Span<UInt8>)``.
    package static func decode(_ encoded: some StringProtocol) -> String? { decode(Array(encoded.utf8).span) }

    private static func isEscape(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "%") }

    private static func text(_ bytes: Span<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
