/// Entity tags of answers (RFC 9110 section 8.8.3).
enum EntityTagText {
    /// Whether `text` can be sent back as it is: a short quoted string of visible ASCII, weak or strong.
    static func isPlain(_ text: String) -> Bool {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        return (2...256).contains(opaque.utf8.count) && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
            && opaque.utf8.dropFirst().dropLast().allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }
}
