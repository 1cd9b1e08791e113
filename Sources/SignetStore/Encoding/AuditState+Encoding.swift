extension AuditState {
    private static let newestVersion: UInt8 = 1

    /// The stored form.
    /// - Throws: ``StoreError/Code/invalidRecord`` for a hash that has not 32 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        var encoder = RecordEncoder(version: Self.newestVersion)
        for link in [anchor, head] {
            try RecordBounds.check(
                "hash", of: "audit state", count: link.hash.count, within: AuditLink.hashLength...AuditLink.hashLength)
            encoder.append(link.sequence)
            encoder.append(link.hash)
        }
        encoder.append(byteCount)
        return encoder.bytes
    }

    /// Reads the stored form of any version up to this one.
    /// - Throws: ``StoreError/Code/corrupt`` or ``StoreError/Code/newerVersion``.
    package init(encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "audit state", newest: Self.newestVersion)
        let anchor = AuditLink(sequence: try decoder.integer(), hash: try decoder.content())
        let head = AuditLink(sequence: try decoder.integer(), hash: try decoder.content())
        self.init(anchor: anchor, head: head, byteCount: try decoder.integer())
        try decoder.finish()
        guard anchor.hash.count == AuditLink.hashLength, head.hash.count == AuditLink.hashLength,
            anchor.sequence <= head.sequence
        else { throw decoder.corrupt("links that fit no chain") }
    }
}
