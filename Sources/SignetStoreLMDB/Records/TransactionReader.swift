// The folder Records implements the reads and writes of records as reads and writes of LMDB rows, including all
// indexes. Its code uses no threads, files or C functions of LMDB.

import SignetStore

/// Implements the queries of ``StoreReader`` and ``AuditInspector`` on one LMDB transaction, for ``LMDBReader`` and
/// ``LMDBWriter``.
protocol TransactionReader: StoreReader, AuditInspector {
    var transaction: LMDBTransaction { get }
}

/// Reads records in one read transaction.
struct LMDBReader: TransactionReader {
    let transaction: LMDBTransaction
}

extension TransactionReader {
    func user(id: UserID) throws -> UserRecord? {
        guard let bytes = try transaction.value(of: id.bytes, in: .users) else { return nil }
        return try UserRecord(id: id, encoded: bytes)
    }

    func user(email: String) throws -> UserRecord? {
        guard let id = try userID(email: email) else { return nil }
        guard let user = try user(id: id) else {
            throw damage("the e-mail index has an entry of a user that does not exist")
        }
        return user
    }

    func users(after cursor: UserID?, limit: Int) throws -> [UserRecord] {
        try transaction.rows(of: .users, from: Self.start(after: cursor), limit: limit).map { row in
            try UserRecord(id: try Self.id(row.key[...], in: .users), encoded: row.value)
        }
    }

    func family(id: FamilyID) throws -> FamilyRecord? {
        guard let bytes = try transaction.value(of: id.bytes, in: .families) else { return nil }
        return try FamilyRecord(id: id, encoded: bytes)
    }

    func families(of user: UserID, after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
        let prefix = user.bytes
        let rows = try transaction.rows(
            of: .familiesByUser, from: prefix + Self.start(after: cursor), limit: limit,
            while: { $0.starts(with: prefix) })
        return try rows.map { row in
            let id: FamilyID = try Self.id(row.key.dropFirst(prefix.count), in: .familiesByUser)
            guard let family = try family(id: id) else {
                throw damage("the index of families by user has an entry of a family that does not exist")
            }
            return family
        }
    }

    func families(after cursor: FamilyID?, limit: Int) throws -> [FamilyRecord] {
        try transaction.rows(of: .families, from: Self.start(after: cursor), limit: limit).map { row in
            try FamilyRecord(id: try Self.id(row.key[...], in: .families), encoded: row.value)
        }
    }

    func client(id: ClientID) throws -> ClientRecord? {
        guard let bytes = try transaction.value(of: id.bytes, in: .clients) else { return nil }
        return try ClientRecord(id: id, encoded: bytes)
    }

    func clients(after cursor: ClientID?, limit: Int) throws -> [ClientRecord] {
        try transaction.rows(of: .clients, from: Self.start(after: cursor), limit: limit).map { row in
            try ClientRecord(id: try Self.id(row.key[...], in: .clients), encoded: row.value)
        }
    }

    func isRevoked(tokenID: String) throws -> Bool {
        try revocation(tokenID: tokenID) != nil
    }

    /// Reads the revocation of the token whose `jti` is `tokenID`. Returns `nil` if the token is not revoked, or if
    /// `tokenID` is empty or longer than 255 bytes: no stored revocation has such a `jti`.
    func revocation(tokenID: String) throws -> RevocationRecord? {
        let key = Array(tokenID.utf8)
        guard (1...RevocationRecord.longestTokenID).contains(key.count),
            let bytes = try transaction.value(of: key, in: .revocations)
        else { return nil }
        return try RevocationRecord(tokenID: tokenID, encoded: bytes)
    }

    /// Finds the id of the user whose normalised e-mail address is `email`. Returns `nil` if there is no such user.
    func userID(email: String) throws -> UserID? {
        let key = Array(email.utf8)
        guard (1...UserRecord.longestEmail).contains(key.count),
            let bytes = try transaction.value(of: key, in: .usersByEmail)
        else { return nil }
        return try Self.id(bytes[...], in: .usersByEmail)
    }

    /// The key at which the next page starts: the lowest possible key after the id `cursor`, which was the last id of
    /// the previous page. If `cursor` is `nil`, an empty key, which means the first row.
    private static func start<Record>(after cursor: RecordID<Record>?) -> [UInt8] {
        cursor.map { $0.bytes + [0] } ?? []
    }

    /// Decodes a record id from the key or value of a row.
    /// - Throws: ``StoreError/Code/corrupt`` if `bytes` does not have exactly 16 bytes.
    static func id<Record>(_ bytes: ArraySlice<UInt8>, in table: Table) throws(StoreError) -> RecordID<Record> {
        guard let id = RecordID<Record>(bytes: bytes.span) else {
            throw damage("the table \(table.rawValue) has an id of \(bytes.count) bytes, expected 16")
        }
        return id
    }
}

/// Makes the error for rows that contradict each other or the store's format.
/// - Parameter finding: what is wrong. The text must name the table or the status list.
func damage(_ finding: String) -> StoreError {
    StoreError(.corrupt, "\(finding); restore the store from a backup")
}
