extension ClientRecord {
    private static let newestVersion: UInt8 = 1

    /// The stored form, without the id, which is the key.
    /// - Throws: ``StoreError/Code/invalidRecord`` for a secret hash that has not 32 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("secretHash", of: "client", count: secretHash.count, within: 32...32)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(name)
        encoder.append(secretHash)
        encoder.append(scopes)
        encoder.append(mayIntrospect)
        encoder.append(mayUseClientCredentials)
        encoder.append(createdAt)
        return encoder.bytes
    }

    /// Reads the stored form of any version up to this one.
    /// - Throws: ``StoreError/Code/corrupt`` or ``StoreError/Code/newerVersion``.
    package init(id: ClientID, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "client", newest: Self.newestVersion)
        self.init(
            id: id,
            name: try decoder.text(),
            secretHash: try decoder.content(),
            scopes: try decoder.texts(),
            mayIntrospect: try decoder.flag(),
            mayUseClientCredentials: try decoder.flag(),
            createdAt: try decoder.time())
        try decoder.finish()
    }
}
