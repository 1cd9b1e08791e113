/// A service or app known to the issuer by its `client_id` (RFC 6749).
package struct ClientRecord: Sendable, Hashable {
    package let id: ClientID
    /// Display name, at most 100 characters.
    package let name: String
    /// SHA-256 of the client secret, 32 bytes. A fast hash is enough, because the secret has 256 random bits.
    package let secretHash: [UInt8]
    /// The scope values that the client may request, in ascending order.
    package let scopes: [String]
    /// The audiences for which the client may request tokens, besides the issuer's own audience; in ascending order.
    package let audiences: [String]
    package let mayIntrospect: Bool
    package let mayUseClientCredentials: Bool
    package let createdAt: Timestamp

    package init(
        id: ClientID, name: String, secretHash: [UInt8], scopes: [String],
        audiences: [String] = [], mayIntrospect: Bool, mayUseClientCredentials: Bool, createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.secretHash = secretHash
        self.scopes = scopes
        self.audiences = audiences
        self.mayIntrospect = mayIntrospect
        self.mayUseClientCredentials = mayUseClientCredentials
        self.createdAt = createdAt
    }
}

package typealias ClientID = RecordID<ClientRecord>
