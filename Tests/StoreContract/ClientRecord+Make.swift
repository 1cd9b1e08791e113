package import SignetStore

extension ClientRecord {
    /// A client that may introspect.
    package static func make(id: ClientID = .random(), name: String = "orders", scopes: [String] = []) -> ClientRecord {
        ClientRecord(
            id: id, name: name, secretHash: [UInt8](repeating: 7, count: 32), scopes: scopes, mayIntrospect: true,
            mayUseClientCredentials: false, createdAt: Timestamp(seconds: 1_000))
    }
}
