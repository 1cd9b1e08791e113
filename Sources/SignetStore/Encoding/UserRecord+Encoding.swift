extension UserRecord {
    private static let newestVersion: UInt8 = 1

    /// The longest e-mail address that is stored, in UTF-8 bytes (RFC 5321 section 4.5.3.1.3 leaves 254).
    package static let longestEmail = 254

    /// The stored form, without the id, which is the key.
    /// - Throws: ``StoreError/Code/invalidRecord`` for an e-mail address that is empty or longer than 254 bytes.
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
        return encoder.bytes
    }

    /// Reads the stored form of any version up to this one.
    /// - Throws: ``StoreError/Code/corrupt`` or ``StoreError/Code/newerVersion``.
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
        try decoder.finish()
    }
}
