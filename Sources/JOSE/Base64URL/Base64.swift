/// Base64 with padding and the characters `+` and `/` (RFC 4648 section 4).
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Encodes `bytes` as Base64 text with padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text = Base64URL.encodedBytes(bytes).map { digit -> UInt8 in
            switch digit {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: digit
            }
        }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes the ASCII `text`.
    /// - Returns: The bytes; `nil` for missing padding, whitespace, and characters outside the alphabet. Unused bits in
    ///   the last character are ignored (RFC 4648 section 3.5), because some encoders set them.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var digits = Array(text)
        guard digits.count % 4 == 0 else { return nil }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        for index in digits.indices {
            switch digits[index] {
            case UInt8(ascii: "+"): digits[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): digits[index] = UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: break
            }
        }
        // Clear the unused bits of the last character, because `Base64URL` refuses unused bits that are not zero. There
        // are 4 such bits after a last group of two characters, and 2 after one of three.
        if let last = digits.last, digits.count % 4 > 1, let value = alphabet.firstIndex(of: last) {
            digits[digits.count - 1] = alphabet[value & (digits.count % 4 == 2 ? 0x30 : 0x3C)]
        }
        return Base64URL.decode(digits.span)
    }
}
