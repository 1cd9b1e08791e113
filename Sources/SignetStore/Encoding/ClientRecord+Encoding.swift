extension ClientRecord {
    private static let newestVersion: UInt8 = 2

    /// Encodes the record without its id, because the id is the record's key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if the secret hash does not have 32 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("secretHash", of: "client", count: secretHash.count, within: 32...32)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(name)
        encoder.append(secretHash)
        encoder.append(scopes)
        encoder.append(mayIntrospect)
        encoder.append(mayUseClientCredentials)
        encoder.append(createdAt)
        encoder.append(audiences)
        return encoder.bytes
    }

    /// Decodes a stored client. Accepts all versions of the format up to the newest one; version 1 has no audiences.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package init(id: ClientID, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "client", newest: Self.newestVersion)
        let name = try decoder.text()
        let secretHash = try decoder.content()
        let scopes = try decoder.texts()
        let mayIntrospect = try decoder.flag()
        let mayUseClientCredentials = try decoder.flag()
        let createdAt = try decoder.time()
        self.init(
            id: id, name: name, secretHash: secretHash, scopes: scopes,
            audiences: decoder.version >= 2 ? try decoder.texts() : [], mayIntrospect: mayIntrospect,
            mayUseClientCredentials: mayUseClientCredentials, createdAt: createdAt)
        try decoder.finish()
    }
}
