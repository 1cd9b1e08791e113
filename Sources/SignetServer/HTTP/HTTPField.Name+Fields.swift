import HTTPTypes

extension HTTPField.Name {
    /// RFC 9111 section 5.4.
    static let pragma = literal("Pragma")
    /// Fetch Metadata Request Headers, section 2.3.
    static let secFetchSite = literal("Sec-Fetch-Site")
    static let xForwardedFor = literal("X-Forwarded-For")

    private static func literal(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("\(text) is no name of a field") }
        return name
    }
}
