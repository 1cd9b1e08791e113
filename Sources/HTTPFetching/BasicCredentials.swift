import JOSE

/// A client's ID and secret for HTTP Basic authentication (RFC 7617). In the header, both are form-encoded (RFC 6749
/// section 2.3.1).
package struct BasicCredentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The maximum length of an accepted `Authorization` value, in bytes.
    private static let maximumLength = 4096

    package let clientID: String
    package let secret: String

    package init(clientID: String, secret: String) {
        self.clientID = clientID
        self.secret = secret
    }

    /// Reads the value of an `Authorization` header.
    /// - Returns: `nil` for another scheme than Basic, a value of more than 4096 bytes, bad Base64, a value without a
    ///   colon, or parts that are not form-encoded UTF-8.
    package init?(authorization: String) {
        let scheme = authorization.prefix { $0 != " " }
        let text = authorization[scheme.endIndex...].drop { $0 == " " }
        guard scheme.lowercased() == "basic", authorization.utf8.count <= Self.maximumLength,
            let bytes = Base64.decode(text.utf8)
        else { return nil }
        let id = bytes.prefix { $0 != UInt8(ascii: ":") }
        guard id.count < bytes.count, let clientID = FormCoding.decode(id),
            let secret = FormCoding.decode(bytes[id.endIndex...].dropFirst())
        else { return nil }
        self.init(clientID: clientID, secret: secret)
    }

    /// Shows the client ID but not the secret, so that logging credentials reveals no secret.
    package var description: String { "BasicCredentials(\(clientID))" }

    package var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }

    /// The value of the `Authorization` header for these credentials.
    package var authorization: String {
        "Basic " + Base64.encode(Array("\(FormCoding.encode(clientID)):\(FormCoding.encode(secret))".utf8))
    }
}
