import JOSE
import RSAVerification
import SignetKeyring
package import SignetStore

/// A service or app that is registered with the issuer (RFC 6749 §2). Does not contain the client secret or its hash.
package struct Client: Sendable, Hashable {
    package let id: ClientID
    package let name: String
    /// The scope values that the client may request, in ascending order.
    package let scopes: [String]
    /// The audiences, beside the issuer's own, that the client may request tokens for, in ascending order.
    package let audiences: [String]
    package let mayIntrospect: Bool
    package let mayUseClientCredentials: Bool
    package let createdAt: Timestamp

    init(_ record: ClientRecord) {
        id = record.id
        name = record.name
        scopes = record.scopes
        audiences = record.audiences
        mayIntrospect = record.mayIntrospect
        mayUseClientCredentials = record.mayUseClientCredentials
        createdAt = record.createdAt
    }
}

/// The secret of a client: `scs_` and the base64url of 256 random bits. The store keeps a hash.
///
/// A fast hash is enough, because an attacker cannot guess 256 random bits.
enum ClientSecret {
    private static let prefix = "scs_"

    static func random() -> String { prefix + Base64URL.encode(SecureRandom.bytes(32)) }

    /// SHA-256 of the secret's UTF-8: the bytes that the store keeps.
    static func hash(_ secret: String) -> [UInt8] { SHA256.digest(Array(secret.utf8)) }
}
