/// An absolute `http` or `https` URL that a request may be sent to.
///
/// Refused: user information, a fragment, an empty host, anything but printable ASCII, and a backslash, because URL parsers
/// disagree about it.
package struct EndpointURL: Sendable, Hashable {
    package let text: String
    /// Whether the scheme is `https`.
    package let isSecure: Bool
    package let authority: URLAuthority
    /// Path as written; empty or starting with `/`.
    package let path: String
    package let hasQuery: Bool

    /// - Parameters:
    ///   - text: at most 2048 bytes.
    ///   - what: names the setting in the error, for example `the issuer`.
    /// - Throws: `malformedURL`.
    package init(_ text: String, what: String) throws(ConfigurationError) {
        let malformed = ConfigurationError(.malformedURL, "\(what) must be an absolute http or https URL")
        guard text.utf8.count <= 2048,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#""<>\^`{|}#"#.utf8.contains($0) })
        else { throw malformed }
        let rest: Substring
        if text.lowercased().hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else if text.lowercased().hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            throw malformed
        }
        let authorityText = rest.prefix { $0 != "/" && $0 != "?" }
        let afterAuthority = rest[authorityText.endIndex...]
        let path = afterAuthority.prefix { $0 != "?" }
        guard let authority = URLAuthority(authorityText) else { throw malformed }
        self.text = text
        self.authority = authority
        self.path = String(path)
        hasQuery = path.count < afterAuthority.count
    }

    /// Refuses plain `http` to another machine, unless `allowsInsecureHTTP`.
    /// - Throws: `insecureURL`.
    package func requireSecure(unless allowsInsecureHTTP: Bool, what: String) throws(ConfigurationError) {
        guard isSecure || authority.isLoopback || allowsInsecureHTTP else {
            throw ConfigurationError(
                .insecureURL, "\(what) must use https: over http, anybody on the network path could replace the answer")
        }
    }

    /// The URL of the issuer's metadata: the well-known name goes between host and path (RFC 8414 section 3.1).
    package var metadataURL: String {
        var path = path[...]
        if path.hasSuffix("/") { path.removeLast() }
        return "\(isSecure ? "https" : "http")://\(authority.text)/.well-known/oauth-authorization-server\(path)"
    }
}
