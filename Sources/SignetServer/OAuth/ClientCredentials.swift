import FoundationEssentials
import HTTPTypes

/// What a client authenticates with at the OAuth endpoints: id and secret (RFC 6749 section 2.3.1).
struct ClientCredentials: Equatable {
    let clientID: String
    let secret: String
    /// Whether the client used the `Authorization` header, so that a refusal names the scheme.
    let usedHeader: Bool

    /// Takes the credentials from the `Basic` header, whose two parts are form-encoded, or from the body, never both.
    /// - Throws: ``OAuthError``: `invalid_client` when there are none, `invalid_request` when there are two.
    init(headers: HTTPFields, form: FormParameters) throws(OAuthError) {
        let values = headers[values: .authorization]
        guard values.count <= 1 else { throw .invalidRequest("There is more than one Authorization header.") }
        let bodySecret = form["client_secret"]
        guard let header = values.first else {
            guard let id = form["client_id"], let bodySecret else { throw .invalidClient(usedHeader: false) }
            (clientID, secret, usedHeader) = (id, bodySecret, false)
            return
        }
        guard bodySecret == nil else { throw .invalidRequest("The client authenticates in two ways; use one.") }
        guard let (id, secret) = Self.basic(header) else { throw .invalidClient(usedHeader: true) }
        if let bodyID = form["client_id"], bodyID != id {
            throw .invalidRequest("client_id differs from the one that authenticates.")
        }
        (clientID, self.secret, usedHeader) = (id, secret, true)
    }

    /// Reads `Basic` credentials (RFC 7617) whose parts are form-encoded.
    private static func basic(_ header: String) -> (id: String, secret: String)? {
        let scheme = header.prefix { $0 != " " }
        guard scheme.lowercased() == "basic", header.utf8.count <= 4096,
            let bytes = Data(base64Encoded: String(header[scheme.endIndex...].drop { $0 == " " }))
        else { return nil }
        let id = bytes.prefix { $0 != UInt8(ascii: ":") }
        guard id.count < bytes.count, let clientID = FormEncoding.decode(id),
            let secret = FormEncoding.decode(bytes[id.endIndex...].dropFirst())
        else { return nil }
        return (clientID, secret)
    }
}
