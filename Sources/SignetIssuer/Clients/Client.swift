package import SignetStore

/// A service or app that is registered with the issuer (RFC 6749 §2). The hash of its secret stays in the store.
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
