/// An absolute `http` or `https` URL that a request may be sent to.
///
/// The URL consists of printable ASCII and has a host. It has no user information and no fragment. It has no backslash
/// either, because URL parsers disagree about its meaning.
package struct EndpointURL: Sendable, Hashable {
    package let text: String
    /// Whether the scheme is `https`.
    package let isSecure: Bool
    package let authority: URLAuthority
    /// The path of the URL as written. It is empty or starts with `/`.
    package let path: String
    package let hasQuery: Bool

    /// The URL as text, without a slash at its end.
    package var withoutLastSlash: String { text.hasSuffix("/") ? String(text.dropLast()) : text }

    /// The path and the query, as the first line of an HTTP request contains them (RFC 9112 section 3.2.1). It starts
    /// with `/`.
    package var requestTarget: String {
        let target = text.dropFirst((isSecure ? "https://" : "http://").count + authority.text.count)
        return target.hasPrefix("/") ? String(target) : "/\(target)"
    }

    /// Parses a URL.
    ///
    /// - Parameters:
    ///   - text: The URL, at most 2048 bytes.
    ///   - what: The name of the setting for the error text, for example `the issuer`.
    /// - Throws: `malformedURL` if `text` has more than 2048 bytes or is not a URL that this type accepts.
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

    /// Throws `insecureURL` if this URL uses plain `http` to another machine and `allowsInsecureHTTP` is `false`.
    /// - Parameter what: the name of the setting for the error text.
    package func requireSecure(unless allowsInsecureHTTP: Bool, what: String) throws(ConfigurationError) {
        guard isSecure || authority.isLoopback || allowsInsecureHTTP else {
            throw ConfigurationError(
                .insecureURL, "\(what) must use https: over http, anybody on the network path could replace the answer")
        }
    }

    /// The metadata URL of an OAuth issuer, if this URL is the issuer identifier. The well-known name is inserted
    /// between host and path (RFC 8414 section 3.1).
    package var metadataURL: String {
        "\(origin)/.well-known/oauth-authorization-server\(pathWithoutLastSlash)"
    }

    /// The metadata URL of an OpenID issuer, if this URL is the issuer identifier. The well-known name is appended to
    /// the path (OpenID Connect Discovery section 4.1).
    package var openIDMetadataURL: String { "\(origin)\(pathWithoutLastSlash)/.well-known/openid-configuration" }

    private var origin: String { "\(isSecure ? "https" : "http")://\(authority.text)" }

    private var pathWithoutLastSlash: Substring { path.hasSuffix("/") ? path.dropLast() : path[...] }
}
