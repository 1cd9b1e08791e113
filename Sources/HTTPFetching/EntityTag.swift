/// Entity tags of HTTP responses (RFC 9110 section 8.8.3).
package enum EntityTag {
    /// Whether an `If-None-Match` request header matches `tag`. The value `*` matches any tag. The comparison is weak:
    /// a leading `W/` in the header is ignored (RFC 9110 section 13.1.2).
    /// - Parameter fields: The values of all `If-None-Match` fields of a request.
    package static func isNamed(_ tag: String, inIfNoneMatch fields: [String]) -> Bool {
        fields.contains { field in
            elements(of: field).contains { element in
                var candidate = element.drop { $0 == " " || $0 == "\t" }
                while candidate.last == " " || candidate.last == "\t" { candidate.removeLast() }
                if candidate == "*" { return true }
                if candidate.hasPrefix("W/") { candidate.removeFirst(2) }
                return candidate == tag
            }
        }
    }

    /// Splits a list of entity tags at its commas. A comma inside of quotation marks belongs to a tag.
    private static func elements(of field: String) -> [Substring] {
        var isQuoted = false
        return field.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == "," && !isQuoted
        }
    }

    /// Whether a received entity tag is safe to send back in `If-None-Match`: a weak or strong tag of visible ASCII in
    /// quotation marks, at most 256 bytes long.
    package static func isWellFormed(_ tag: String) -> Bool {
        let opaque = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
        return (2...256).contains(opaque.utf8.count) && opaque.hasPrefix("\"") && opaque.hasSuffix("\"")
            && opaque.utf8.dropFirst().dropLast().allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
    }
}
