import HTTPFetching

/// A web origin as browsers write it in the `Origin` header (RFC 6454 section 6.2): `https://app.example.com`.
package struct WebOrigin: Sendable, Hashable {
    package let text: String

    /// Reads an origin exactly as browsers write it: lower case, no path, and no default port.
    ///
    /// The scheme `http` is accepted for loopback hosts only. With `http` for any other host, an attacker on the
    /// network could serve pages of the allowed origin.
    package init?(_ text: String) {
        guard let identifier = IssuerIdentifier(text), identifier.path.isEmpty,
            identifier.scheme == "https" || identifier.isLoopback, Self(of: identifier).text == text
        else { return nil }
        self.text = text
    }

    /// The origin (scheme, host and port) of the issuer's own URL.
    init(of identifier: IssuerIdentifier) {
        let host = identifier.authority.host
        text =
            identifier.scheme + "://" + (host.contains(":") ? "[\(host)]" : host)
            + (identifier.port.map { $0 == (identifier.scheme == "https" ? 443 : 80) ? "" : ":\($0)" } ?? "")
    }
}
