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
    /// - Returns: `nil` if the scheme is not Basic, the value has more than 4096 bytes or is bad Base64, the colon is
    ///   missing, or the ID or the secret is not form-encoded UTF-8.
    package init?(authorization: String) {
        guard authorization.utf8.count <= Self.maximumLength,
            authorization.utf8.prefix(6).elementsEqual("basic ".utf8, by: { $0 | 0x20 == $1 })
        else { return nil }
        let encoded = authorization.utf8.dropFirst(6).drop { $0 == UInt8(ascii: " ") }
        guard let bytes = Base64.decode(Array(encoded)[...]),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let clientID = FormCoding.decode(bytes.span.extracting(..<colon)),
            let secret = FormCoding.decode(bytes.span.extracting((colon + 1)...))
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
