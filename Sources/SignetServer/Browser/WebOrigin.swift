/// Where a page comes from, spelt as browsers spell it in `Origin` (RFC 6454 section 6.2): `https://app.example.com`.
package struct WebOrigin: Sendable, Hashable {
    package let text: String

    /// Takes an origin in the one spelling that browsers send: scheme, host in lower case, and the port unless it is the
    /// scheme's own. `http` is for loopback names: whoever sits on the way to another such page could act as it.
    package init?(_ text: String) {
        guard let identifier = IssuerIdentifier(text), identifier.path.isEmpty,
            identifier.scheme == "https" || identifier.isLoopback, Self(of: identifier).text == text
        else { return nil }
        self.text = text
    }

    /// The origin of the issuer's own pages.
    init(of identifier: IssuerIdentifier) {
        let authority = identifier.authority.lowercased()
        let port = identifier.scheme == "https" ? ":443" : ":80"
        text = identifier.scheme + "://" + (authority.hasSuffix(port) ? authority.dropLast(port.count) : authority[...])
    }
}
