package import SignetIssuer

extension API {
    /// Creates the public HTTP API of an issuer: accounts, sessions, OAuth and discovery.
    /// - Parameter browser: the web origins whose pages may use the API; `nil` for the issuer's own origin alone.
    package init(issuer: Issuer, identifier: IssuerIdentifier, browser: BrowserPolicy? = nil) {
        let browser = browser ?? BrowserPolicy(identifier: identifier)
        self.init(
            FirstPartyEndpoints(issuer: issuer, browser: browser).endpoints
                + SessionEndpoints(issuer: issuer, browser: browser).endpoints
                + AccountEndpoints(issuer: issuer, browser: browser).endpoints
                + OAuthEndpoints(issuer: issuer).endpoints
                + DiscoveryEndpoints(issuer: issuer, identifier: identifier).endpoints,
            issuerPath: identifier.path, browser: browser)
    }
}
