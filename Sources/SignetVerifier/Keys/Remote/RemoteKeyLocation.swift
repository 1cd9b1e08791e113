import HTTPFetching

/// Where the keys are, as far as it is known beforehand.
enum RemoteKeyLocation: Sendable, Hashable {
    /// At this URL.
    case keys(url: String)
    /// Where the metadata document of `issuer`, at `metadataURL`, says.
    case issuer(String, metadataURL: String)

    /// A URL of keys, checked.
    static func keys(_ url: String, configuration: RemoteKeyConfiguration) throws(ConfigurationError) -> Self {
        let url = try EndpointURL(url, what: "the JWKS URL")
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the JWKS URL")
        return .keys(url: url.text)
    }

    /// An issuer identifier, checked: without query (RFC 8414 section 2).
    static func issuer(_ issuer: String, configuration: RemoteKeyConfiguration) throws(ConfigurationError) -> Self {
        let url = try EndpointURL(issuer, what: "the issuer")
        guard !url.hasQuery else { throw ConfigurationError(.malformedURL, "the issuer must have no query") }
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the issuer")
        return .issuer(issuer, metadataURL: url.metadataURL)
    }
}
