/// A service or app known to the issuer by its `client_id` (RFC 6749).
package struct ClientRecord: Sendable, Hashable {
    package let id: ClientID
    /// What people call it, at most 100 characters.
    package let name: String
    /// SHA-256 of the client secret, which is 256 random bits: 32 bytes.
    package let secretHash: [UInt8]
    /// The scope values it may ask for, in ascending order.
    package let scopes: [String]
    /// The audiences that its tokens may be for beside the issuer's own, in ascending order.
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
