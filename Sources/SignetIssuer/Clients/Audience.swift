/// What a name of those that a token is for looks like.
///
/// A name with a colon is an absolute URI (RFC 3986 §4.3), which is what JWT asks of it (RFC 7519 §2) and what `resource`
/// takes; one without is a plain name. Both consist of the characters of a URI (RFC 3986 §2) and hold no `#`, so that a URI
/// has no fragment (RFC 8707 §2). Names are compared byte for byte: neither case nor a slash at the end is overlooked.
enum Audience {
    /// Most bytes of a name that a client is allowed.
    static let maximumLength = 255

    /// Whether a client may be allowed tokens for `text`: a plain name or an absolute URI of 1 to 255 bytes.
    static func isName(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        return text.utf8.contains(UInt8(ascii: ":")) ? isURI(text) : isPlain(text.utf8[...])
    }

    /// Whether `text` is an absolute URI without fragment, of any length. Where it has an authority, that has a host.
    static func isURI(_ text: String) -> Bool {
        let scheme = text.utf8.prefix { $0 != UInt8(ascii: ":") }
        let rest = text.utf8[scheme.endIndex...].dropFirst()
        guard isScheme(scheme), !rest.isEmpty else { return false }
        guard rest.starts(with: "//".utf8) else { return isPlain(rest) }
        let authority = rest.dropFirst(2).prefix { !"/?".utf8.contains($0) }
        return isAuthority(authority) && isPlain(rest[authority.endIndex...])
    }

    /// A letter, then letters, digits, `+`, `-` and `.` (RFC 3986 §3.1); empty where there is no colon to end it.
    private static func isScheme(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    /// Host and port, perhaps behind user information. Brackets stand around an IPv6 address and nowhere else.
    private static func isAuthority(_ bytes: Substring.UTF8View) -> Bool {
        guard bytes.first == UInt8(ascii: "[") else {
            let host = bytes.prefix { $0 != UInt8(ascii: ":") }
            return !host.isEmpty && isPlain(bytes)
        }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let address = bytes[..<end].dropFirst()
        let port = bytes[end...].dropFirst()
        return !address.isEmpty && address.allSatisfy { isHexDigit($0) || ":.".utf8.contains($0) }
            && (port.isEmpty || port.first == UInt8(ascii: ":")) && port.dropFirst().allSatisfy(isDigit)
    }

    /// Whether all bytes are characters of a URI, without `#` and brackets, and each `%` leads two hexadecimal digits.
    private static func isPlain(_ bytes: Substring.UTF8View) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst(), let low = rest.popFirst(), isHexDigit(high), isHexDigit(low) else {
                    return false
                }
            } else {
                guard isLetter(byte) || isDigit(byte) || "-._~:/?@!$&'()*+,;=".utf8.contains(byte) else {
                    return false
                }
            }
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
