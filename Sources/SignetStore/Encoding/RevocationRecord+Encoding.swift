extension RevocationRecord {
    private static let newestVersion: UInt8 = 1

    /// Encodes the record without its token id, because the token id is the record's key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if the token id is empty or longer than 255 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check(
            "tokenID", of: "revocation", count: tokenID.utf8.count, within: 1...Self.longestTokenID)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(expiresAt)
        return encoder.bytes
    }

    /// Decodes the stored revocation of an access token. Accepts all versions of the format up to the newest one.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package init(tokenID: String, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "revocation", newest: Self.newestVersion)
        self.init(tokenID: tokenID, expiresAt: try decoder.time())
        try decoder.finish()
    }
}
