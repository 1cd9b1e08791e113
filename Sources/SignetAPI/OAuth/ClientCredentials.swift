import HTTPFetching

/// The id and secret that a client sends to an OAuth endpoint (RFC 6749 section 2.3.1).
struct ClientCredentials: Equatable {
    let clientID: String
    let secret: String
    /// Whether the credentials came from the `Authorization` header and not from the body.
    let usedHeader: Bool

    /// Reads the credentials from the `Authorization: Basic` header or from the form.
    /// - Throws: ``OAuthError`` `invalid_client` if the request has no credentials or the header is malformed;
    ///   `invalid_request` if the header is repeated, or if a request with the header also has a secret or another
    ///   client id in the form.
    init(fields: HeaderFields, form: FormParameters) throws(OAuthError) {
        let count = fields.count(of: .authorization)
        guard count <= 1 else { throw .invalidRequest("There is more than one Authorization header.") }
        let bodySecret = form["client_secret"]
        guard count == 1 else {
            guard let id = form["client_id"], let bodySecret else { throw .invalidClient(usedHeader: false) }
            (clientID, secret, usedHeader) = (id, bodySecret, false)
            return
        }
        guard bodySecret == nil else {
            throw .invalidRequest("The client secret is in the Authorization header and in the body; send it once.")
        }
        guard let basic = fields.basicCredentials else { throw .invalidClient(usedHeader: true) }
        if let bodyID = form["client_id"], bodyID != basic.clientID {
            throw .invalidRequest("client_id differs from the client id in the Authorization header.")
        }
        (clientID, secret, usedHeader) = (basic.clientID, basic.secret, true)
    }
}
