extension UserRecord {
    private static let newestVersion: UInt8 = 2

    /// The maximum length of an e-mail address in UTF-8 bytes (RFC 5321 section 4.5.3.1.3).
    package static let longestEmail = 254

    /// Encodes the record without its id, because the id is the record's key in the store.
    /// - Throws: ``StoreError/Code/invalidRecord`` if the e-mail address is empty or longer than 254 bytes.
    package func encoded() throws(StoreError) -> [UInt8] {
        try RecordBounds.check("email", of: "user", count: email.utf8.count, within: 1...Self.longestEmail)
        var encoder = RecordEncoder(version: Self.newestVersion)
        encoder.append(email)
        encoder.append(name)
        encoder.append(passwordHash)
        encoder.append(roles)
        encoder.append(createdAt)
        encoder.append(updatedAt)
        encoder.append(disabledAt) { $0.append($1) }
        encoder.append(lastLoginAt) { $0.append($1) }
        encoder.append(sessionCutoff) { encoder, cutoff in
            encoder.append(cutoff.time)
            encoder.append(cutoff.exempt) { $0.append($1) }
            encoder.append(cutoff.reason.rawValue)
        }
        return encoder.bytes
    }

    /// Decodes a stored user. Accepts all versions of the format up to the newest one; version 1 has no `lastLoginAt`
    /// and no `sessionCutoff`.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package init(id: UserID, encoded: [UInt8]) throws(StoreError) {
        var decoder = try RecordDecoder(encoded, kind: "user", newest: Self.newestVersion)
        self.init(
            id: id,
            email: try decoder.text(),
            name: try decoder.text(),
            passwordHash: try decoder.text(),
            roles: try decoder.texts(),
            createdAt: try decoder.time(),
            updatedAt: try decoder.time(),
            disabledAt: try decoder.optional { field throws(StoreError) in try field.time() })
        if decoder.version >= 2 {
            lastLoginAt = try decoder.optional { field throws(StoreError) in try field.time() }
            sessionCutoff = try decoder.optional { field throws(StoreError) in try SessionCutoff(decoding: &field) }
        }
        try decoder.finish()
    }
}

extension SessionCutoff {
    fileprivate init(decoding decoder: inout RecordDecoder) throws(StoreError) {
        let time = try decoder.time()
        let exempt: FamilyID? = try decoder.optional { field throws(StoreError) in try field.id() }
        guard let reason = FamilyRecord.RevocationReason(rawValue: try decoder.integer()) else {
            throw decoder.corrupt("an unknown revocation reason")
        }
        self.init(time: time, exempt: exempt, reason: reason)
    }
}
