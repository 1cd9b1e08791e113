import HTTPTypes

extension HTTPField.Name {
    /// Fetch Metadata Request Headers, section 2.3.
    static let secFetchSite = literal("Sec-Fetch-Site")
    static let xForwardedFor = literal("X-Forwarded-For")

    private static func literal(_ text: String) -> Self {
        guard let name = Self(text) else { preconditionFailure("\(text) is no name of a field") }
        return name
    }
}
