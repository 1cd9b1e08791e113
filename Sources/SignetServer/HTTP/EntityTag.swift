/// Conditional requests (RFC 9110 section 13.1.2).
enum EntityTag {
    /// Whether `If-None-Match` names `tag`, or anything with `*`. Compares weakly, as that header asks.
    static func isPresent(_ tag: String, in values: [String]) -> Bool {
        values.contains { value in
            value.split(separator: ",").contains { element in
                var candidate = element.drop { $0 == " " || $0 == "\t" }
                while candidate.last == " " || candidate.last == "\t" { candidate.removeLast() }
                if candidate == "*" { return true }
                if candidate.hasPrefix("W/") { candidate.removeFirst(2) }
                return candidate == tag
            }
        }
    }
}
