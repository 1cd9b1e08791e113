extension FamilyRecord {
    private static let newestVersion: UInt8 = 3

    /// Encodes the record without its id, because the id is the record's key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if the salt does not have 16 bytes, the audiences have more than 8192
    ///   bytes in all, the device has more than 200 bytes, or an address has more than 64 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("salt", of: "family", count: salt.count, within: 16...16)
        let audiencesSize = audiences.reduce(0) { $0 + $1.utf8.count }
        try RecordBounds.check("audiences", of: "family", count: audiencesSize, within: 0...8192)
        try RecordBounds.check("device", of: "family", count: device.utf8.count, within: 0...200)
        try RecordBounds.check("createdAddress", of: "family", count: createdAddress.utf8.count, within: 0...64)
        try RecordBounds.check("lastUsedAddress", of: "family", count: lastUsedAddress.utf8.count, within: 0...64)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(userID)
        encoder.append(clientID) { $0.append($1) }
        encoder.append(scope)
        encoder.append(salt)
        encoder.append(authenticatedAt)
        encoder.append(createdAt)
        encoder.append(expiresAt)
        encoder.append(generation)
        encoder.append(secretID)
        encoder.append(parent) { $0.append($1) }
        encoder.append(rotatedAt)
        encoder.append(idleExpiresAt)
        encoder.append(revokedAt) { $0.append($1) }
        encoder.append(revocationReason) { $0.append($1.rawValue) }
        encoder.append(device)
        encoder.append(createdAddress)
        encoder.append(lastUsedAddress)
        encoder.append(statusListEntry) { encoder, entry in
            encoder.append(entry.index.rawValue)
            encoder.append(entry.tokensExpireAt)
        }
        encoder.append(audiences)
        return encoder.bytes
    }

    /// Decodes a stored refresh token family (a session). Accepts all versions of the format up to the newest one:
    /// version 1 has neither a status list entry nor audiences, and version 2 has no audiences.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package init(id: FamilyID, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "family", newest: Self.newestVersion)
        self.init(
            id: id,
            userID: try decoder.id(),
            clientID: try decoder.optional { field throws(StoreError) in try field.id() },
            scope: try decoder.text(),
            salt: try decoder.content(),
            authenticatedAt: try decoder.time(),
            createdAt: try decoder.time(),
            expiresAt: try decoder.time(),
            generation: try decoder.integer(),
            secretID: try decoder.integer(),
            parent: try decoder.optional { field throws(StoreError) in try field.integer() },
            rotatedAt: try decoder.time(),
            idleExpiresAt: try decoder.time(),
            revokedAt: try decoder.optional { field throws(StoreError) in try field.time() },
            revocationReason: try decoder.optional { field throws(StoreError) in
                guard let reason = RevocationReason(rawValue: try field.integer()) else {
                    throw field.corrupt("an unknown revocation reason")
                }
                return reason
            },
            device: try decoder.text(),
            createdAddress: try decoder.text(),
            lastUsedAddress: try decoder.text())
        if decoder.version >= 2 {
            statusListEntry = try decoder.optional { field throws(StoreError) in
                StatusListEntry(index: StatusListIndex(rawValue: try field.integer()), tokensExpireAt: try field.time())
            }
        }
        if decoder.version >= 3 { audiences = try decoder.texts() }
        try decoder.finish()
    }
}
