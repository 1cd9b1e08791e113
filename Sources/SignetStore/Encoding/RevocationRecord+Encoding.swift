extension RevocationRecord {
    private static let newestVersion: UInt8 = 1

    /// Encodes the record without its token id, which is its key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if the token id is empty or longer than 255 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check(
            "tokenID", of: "revocation", count: tokenID.utf8.count, within: 1...Self.longestTokenID)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(expiresAt)
        return encoder.bytes
    }

    /// Decodes the stored form, of the newest version or an older one.
    /// - Throws: ``StoreError/Code/corrupt`` or ``StoreError/Code/newerVersion``.
    package init(tokenID: String, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "revocation", newest: Self.newestVersion)
        self.init(tokenID: tokenID, expiresAt: try decoder.time())
        try decoder.finish()
    }
}
