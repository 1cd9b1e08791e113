import HTTPTypes

extension HTTPField.Name {
    /// The `Pragma` header (RFC 9111 section 5.4).
    static let pragma = literal("Pragma")
    /// The `Sec-Fetch-Site` header (Fetch Metadata Request Headers, section 2.3).
    static let secFetchSite = literal("Sec-Fetch-Site")
    static let xForwardedFor = literal("X-Forwarded-For")

    private static func literal(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("\(text) is not a valid field name") }
        return name
    }
}

extension Substring {
    /// The text without spaces and tabs at both ends (`OWS`, RFC 9110 section 5.6.3).
    func trimmingBlanks() -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let rest = drop(while: isBlank)
        return rest.prefix(upTo: rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex)
    }
}
