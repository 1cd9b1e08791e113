/// Base64 with padding (RFC 4648 section 4), in its canonical spelling only. Made of ``Base64URL``, whose digits 62 and 63
/// are other characters.
package enum Base64 {
    /// The padded text of `bytes`.
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

    /// The bytes that `text` (ASCII) stands for.
    /// - Returns: `nil` unless `text` is the canonical, padded spelling: no whitespace, no `-` or `_`.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
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
        return Base64URL.decode(digits.span)
    }
}
