import SignetStore

extension TransactionReader {
    func statusListCount() throws -> Int {
        try transaction.rows(of: .statusLists, from: [], limit: StatusListIndex.maximumLists).count
    }

    func revokedStatusListEntries(of list: Int, after offset: Int?, limit: Int) throws -> [RevokedStatusListEntry] {
        let first = offset.map { $0 + 1 } ?? 0
        guard (0..<StatusListIndex.maximumLists).contains(list), (0..<StatusListIndex.entriesPerList).contains(first)
        else {
            return []
        }
        let start = StatusListIndex(list: list, offset: first)
        let last = StatusListIndex(list: list, offset: StatusListIndex.entriesPerList - 1).bytes
        let rows = try transaction.rows(of: .statusSet, from: start.bytes, limit: limit) { key in
            !last.lexicographicallyPrecedes(key)
        }
        return try rows.map { row in
            let index = try Self.statusListIndex(row.key[...], in: .statusSet)
            guard let until = KeyTime.time(row.value[...]) else {
                throw damage("a status list entry has a time of \(row.value.count) bytes, expected 8")
            }
            return RevokedStatusListEntry(offset: index.offset, until: until)
        }
    }

    /// Decodes a status list index from the key of a row.
    /// - Throws: ``StoreError/Code/corrupt`` if `bytes` does not have exactly 4 bytes.
    static func statusListIndex(_ bytes: ArraySlice<UInt8>, in table: Table) throws(StoreError) -> StatusListIndex {
        guard let number = UInt32(bigEndianBytes: bytes.span) else {
            throw damage("the table \(table.rawValue) has a status list index of \(bytes.count) bytes, expected 4")
        }
        return StatusListIndex(rawValue: number)
    }
}
