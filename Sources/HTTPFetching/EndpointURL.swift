/// An absolute `http` or `https` URL, split far enough to decide whether it may be asked.
///
/// Refused: user information, a fragment, an empty host, anything but printable ASCII, and a backslash, on which URL
/// readers disagree.
package struct EndpointURL: Sendable, Hashable {
    package let text: String
    package let isSecure: Bool
    /// Lower-cased, without port; without brackets for an IPv6 literal.
    package let host: String
    /// Host and port as written.
    package let authority: String
    /// Path as written; empty or starting with `/`.
    package let path: String
    package let hasQuery: Bool

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
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterAuthority = rest.dropFirst(authority.count)
        let path = afterAuthority.prefix { $0 != "?" }
        guard let host = Self.host(of: authority) else { throw malformed }
        self.text = text
        self.host = host
        self.authority = String(authority)
        self.path = String(path)
        hasQuery = path.count < afterAuthority.count
    }

    /// Whether the host is this machine: `localhost`, 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127"
            && octets.allSatisfy { octet in
                guard let value = UInt8(octet) else { return false }
                return String(value) == octet
            }
    }

    /// Refuses plain `http` to any host but this machine, unless it was allowed on purpose.
    package func requireSecure(unless allowsInsecureHTTP: Bool, what: String) throws(ConfigurationError) {
        guard isSecure || isLoopback || allowsInsecureHTTP else {
            throw ConfigurationError(.insecureURL, "\(what) must use https: whoever sits on the way could replace it")
        }
    }

    /// The URL of the issuer's metadata: the well-known name goes between host and path (RFC 8414 section 3.1).
    package var metadataURL: String {
        var path = path[...]
        if path.hasSuffix("/") { path.removeLast() }
        return "\(isSecure ? "https" : "http")://\(authority)/.well-known/oauth-authorization-server\(path)"
    }

    private static func host(of authority: Substring) -> String? {
        guard !authority.contains("@") else { return nil }
        let host: Substring
        let port: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
            guard !host.isEmpty, host.utf8.allSatisfy({ isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return nil
            }
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority.dropFirst(host.count)
            guard !host.isEmpty, !host.contains(where: { "[]%,;".contains($0) }) else { return nil }
        }
        guard port.isEmpty || isPort(port) else { return nil }
        return host.lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.hasPrefix(":") && text.count <= 6 && text.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (Int(text.dropFirst()).map { (1...65535).contains($0) } ?? false)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
