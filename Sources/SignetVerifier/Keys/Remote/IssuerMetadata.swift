import HTTPFetching
import JOSE

/// The one thing of an issuer's metadata document that a verifier needs: where the keys are (RFC 8414 section 2).
struct IssuerMetadata: Sendable, Hashable {
    let keysURL: String

    /// Reads a metadata document.
    ///
    /// Its `issuer` must be `issuer` byte for byte (section 3.3): a document of somebody else says nothing about this
    /// issuer. `jwks_uri` must be `https`, or plain `http` where it is allowed, and never less secure than the issuer.
    ///
    /// - Throws: ``Fault`` with the operator's reason.
    init(parsing document: [UInt8], issuer: String, configuration: RemoteKeyConfiguration) throws(Fault) {
        let object: JSONObject
        do {
            object = try JSONObject(parsing: document, maximumCount: configuration.maximumDocumentBytes)
        } catch {
            throw Fault(reason: "metadata: \(error)", isContradiction: false)
        }
        guard let found = object["issuer"]?.string, found.isExactly(issuer) else {
            throw Fault(
                reason: "metadata: issuer: expected exactly the issuer that was asked for", isContradiction: true)
        }
        guard let location = object["jwks_uri"]?.string else {
            throw Fault(reason: "metadata: jwks_uri: expected a string", isContradiction: true)
        }
        do {
            let url = try EndpointURL(location, what: "jwks_uri")
            try url.requireSecure(unless: configuration.allowsInsecureHTTP, what: "jwks_uri")
            let ownURL = try EndpointURL(issuer, what: "issuer")
            guard url.isSecure || !ownURL.isSecure || configuration.allowsInsecureHTTP else {
                throw ConfigurationError(.insecureURL, "jwks_uri must use https as the issuer does")
            }
            keysURL = url.text
        } catch {
            throw Fault(reason: "metadata: \(error)", isContradiction: true)
        }
    }

    struct Fault: Error {
        let reason: String
        /// Whether there is a document and it is not one of this issuer, or names no acceptable place for the keys; else
        /// there is nothing that can be read.
        let isContradiction: Bool
    }
}
