import HTTPFetching
import JOSE

/// The part of an issuer's metadata document that a verifier needs: the URL of the keys (RFC 8414 section 2, OpenID
/// Connect Discovery section 3).
struct IssuerMetadata: Sendable, Hashable {
    let keysURL: String

    /// Reads a metadata document.
    ///
    /// `issuer` in the document must equal the parameter byte by byte (RFC 8414 section 3.3). `jwks_uri` must be an
    /// `https` URL. With a plain `http` issuer, it may also be a plain `http` URL on this machine. The configuration
    /// can allow every plain `http` URL.
    ///
    /// - Throws: ``Fault`` with a reason for the operator.
    init(parsing document: [UInt8], issuer: String, configuration: RemoteKeyConfiguration) throws(Fault) {
        let object: JSONObject
        do {
            object = try JSONObject(parsing: document, maximumCount: configuration.maximumDocumentBytes)
        } catch {
            throw Fault(reason: "\(error)", isContradiction: false)
        }
        let found = object["issuer"]?.string
        guard let found, found.isExactly(issuer) else {
            let text = found.map { PrintableText.quoted($0) } ?? "no string"
            throw Fault(
                reason: "issuer: expected \(PrintableText.quoted(issuer)), found \(text)", isContradiction: true)
        }
        guard let location = object["jwks_uri"]?.string else {
            throw Fault(reason: "jwks_uri: expected a string", isContradiction: true)
        }
        do throws(ConfigurationError) {
            let url = try EndpointURL(location, what: "jwks_uri")
            try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "jwks_uri")
            let ownURL = try EndpointURL(issuer, what: "issuer")
            guard url.isSecure || !ownURL.isSecure || configuration.allowsInsecureHTTP else {
                throw ConfigurationError(.insecureURL, "jwks_uri must use https as the issuer does")
            }
            keysURL = url.text
        } catch {
            throw Fault(
                reason: "jwks_uri: \(error.detail), found \(PrintableText.quoted(location))", isContradiction: true)
        }
    }

    struct Fault: Error {
        let reason: String
        /// `true` if the metadata can be read, but names another issuer or has no acceptable `jwks_uri`. `false` if the
        /// metadata cannot be read.
        let isContradiction: Bool
    }
}

/// The configured location of the issuer's keys: their URL, or the issuer whose metadata has their URL.
enum RemoteKeyLocation: Sendable, Hashable {
    /// The JWKS document is at `url`.
    case keys(url: String)
    /// The issuer's metadata has the URL of the keys. The metadata is at `metadataURL` (RFC 8414) or, if that URL has
    /// none, at `alternativeURL` (OpenID Connect Discovery).
    case issuer(String, metadataURL: String, alternativeURL: String)

    /// Checks the URL of a JWKS document and makes a location from it.
    static func keys(_ url: String, configuration: RemoteKeyConfiguration) throws(ConfigurationError) -> Self {
        let url = try EndpointURL(url, what: "the JWKS URL")
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the JWKS URL")
        return .keys(url: url.text)
    }

    /// Checks an issuer identifier and makes a location from it. The identifier must have no query (RFC 8414 section
    /// 2).
    static func issuer(_ issuer: String, configuration: RemoteKeyConfiguration) throws(ConfigurationError) -> Self {
        let url = try EndpointURL(issuer, what: "the issuer")
        guard !url.hasQuery else { throw ConfigurationError(.malformedURL, "the issuer must have no query") }
        try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the issuer")
        return .issuer(issuer, metadataURL: url.metadataURL, alternativeURL: url.openIDMetadataURL)
    }
}
