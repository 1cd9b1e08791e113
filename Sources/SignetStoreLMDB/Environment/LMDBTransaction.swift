import CLMDB
import SignetStore

/// Reads and writes rows in one LMDB transaction. An object is valid only inside the closure that received it.
///
/// Any use after ``end()`` stops the process. Otherwise, LMDB would read freed memory.
@safe
final class LMDBTransaction {
    private var pointer: OpaquePointer?
    private let tables: Tables

    /// The code of the first LMDB call of this transaction that failed; `nil` if no call failed. A transaction with a
    /// failure must not be committed, even if the caller caught the error.
    private(set) var failure: LMDBCode?

    /// Wraps an open LMDB transaction. The caller still has to commit or abort the transaction.
    /// - Parameter pointer: the open transaction. Call ``end()`` before you commit or abort it.
    @unsafe
    init(borrowing pointer: OpaquePointer, tables: Tables) {
        unsafe self.pointer = unsafe pointer
        self.tables = tables
    }

    /// Ends the use of this object. Every later call on it stops the process.
    func end() {
        unsafe pointer = nil
    }

    private var live: OpaquePointer {
        @unsafe get {
            guard let pointer = unsafe pointer else {
                preconditionFailure("a store transaction was used after its closure had returned")
            }
            return unsafe pointer
        }
    }

    private func check(_ raw: CInt, _ step: String) throws(StoreError) {
        guard raw != MDB_SUCCESS else { return }
        let code = LMDBCode(rawValue: raw)
        failure = failure ?? code
        throw code.storeError(while: step)
    }
}

// MARK: - Single rows

extension LMDBTransaction {
    /// Reads the value of `key`; `nil` if the table does not have the key.
    func value(of key: [UInt8], in table: Table) throws(StoreError) -> [UInt8]? {
        let transaction = unsafe live
        var found: [UInt8]?
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(borrowing: key)
            var value = unsafe MDB_val()
            let code = unsafe mdb_get(transaction, tables[table], &key, &value)
            if code == MDB_SUCCESS { found = unsafe value.bytes }
            return code
        }
        guard code != MDB_NOTFOUND else { return nil }
        try check(code, "read \(table.rawValue)")
        return found
    }

    /// Stores `value` under `key`. Replaces the value that `key` had.
    func put(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) {
        try check(put(value, for: key, in: table, flags: 0), "write \(table.rawValue)")
    }

    /// Stores `value` under `key`, unless the table already has `key`.
    /// - Returns: true if `value` was stored; false if the table already has `key`.
    func insert(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) -> Bool {
        try putUnlessRefused(value, for: key, in: table, flags: MDB_NOOVERWRITE)
    }

    /// Stores `value` under `key`, which must sort after all keys of the table. LMDB then fills each page completely
    /// before it starts a new one.
    /// - Returns: true if `value` was stored; false if `key` does not sort after all other keys.
    func append(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) -> Bool {
        try putUnlessRefused(value, for: key, in: table, flags: MDB_APPEND)
    }

    /// Removes `key` and its value.
    /// - Returns: true if the row was removed; false if the table does not have `key`.
    @discardableResult
    func remove(_ key: [UInt8], from table: Table) throws(StoreError) -> Bool {
        let transaction = unsafe live
        let code = unsafe key.withUnsafeBytes { key in
            var key = unsafe MDB_val(borrowing: key)
            return unsafe mdb_del(transaction, tables[table], &key, nil)
        }
        guard code != MDB_NOTFOUND else { return false }
        try check(code, "write \(table.rawValue)")
        return true
    }

    private func putUnlessRefused(
        _ value: [UInt8], for key: [UInt8], in table: Table, flags: CInt
    ) throws(StoreError) -> Bool {
        let code = put(value, for: key, in: table, flags: flags)
        guard code != MDB_KEYEXIST else { return false }
        try check(code, "write \(table.rawValue)")
        return true
    }

    private func put(_ value: [UInt8], for key: [UInt8], in table: Table, flags: CInt) -> CInt {
        let transaction = unsafe live
        return unsafe key.withUnsafeBytes { key in
            unsafe value.withUnsafeBytes { value in
                var key = unsafe MDB_val(borrowing: key)
                var value = unsafe MDB_val(borrowing: value)
                return unsafe mdb_put(transaction, tables[table], &key, &value, CUnsignedInt(flags))
            }
        }
    }
}

// MARK: - Ranges of rows

extension LMDBTransaction {
    /// Lists rows in ascending order of their keys, starting at the first key that is not below `start`.
    /// - Parameters:
    ///   - start: the lower bound; empty for the first row of the table.
    ///   - limit: the maximum number of rows to return.
    ///   - isWanted: returns true to include the row with the given key. The list ends before the first row for which
    ///     it returns false.
    func rows(
        of table: Table, from start: [UInt8], limit: Int, while isWanted: ([UInt8]) -> Bool = { _ in true }
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        try rows(of: table, .ascending, from: start, limit: limit, while: isWanted)
    }

    /// Lists rows in descending order of their keys, starting at the last key that is below `end`.
    /// - Parameters:
    ///   - end: the upper bound; must not be empty.
    ///   - limit: the maximum number of rows to return.
    ///   - isWanted: returns true to include the row with the given key. The list ends before the first row for which
    ///     it returns false.
    func rows(
        of table: Table, below end: [UInt8], limit: Int, while isWanted: ([UInt8]) -> Bool = { _ in true }
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        try rows(of: table, .descending, from: end, limit: limit, while: isWanted)
    }

    private enum Order {
        case ascending
        case descending
    }

    private func rows(
        of table: Table, _ order: Order, from bound: [UInt8], limit: Int, while isWanted: ([UInt8]) -> Bool
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(live, tables[table], &cursor), "read \(table.rawValue)")
        defer { unsafe mdb_cursor_close(cursor) }
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var code = MDB_SUCCESS
        while rows.count < limit {
            unsafe bound.withUnsafeBytes { bound in
                var key = unsafe MDB_val(borrowing: bound)
                var value = unsafe MDB_val()
                code = unsafe Self.move(cursor, order, isFirst: rows.isEmpty, &key, &value)
                guard code == MDB_SUCCESS else { return }
                let found = unsafe key.bytes
                guard isWanted(found) else {
                    code = MDB_NOTFOUND
                    return
                }
                rows.append(unsafe (key: found, value: value.bytes))
            }
            guard code != MDB_NOTFOUND else { break }
            try check(code, "read \(table.rawValue)")
        }
        return rows
    }

    /// Moves the cursor to the first row of a range (`isFirst` is `true`) or to the next row in the direction `order`.
    /// - Parameters:
    ///   - key: before the call, the bound at which the range starts (ignored if `isFirst` is `false`). After the call,
    ///     the key of the row.
    ///   - value: after the call, the value of the row.
    @unsafe
    private static func move(
        _ cursor: OpaquePointer?, _ order: Order, isFirst: Bool, _ key: inout MDB_val, _ value: inout MDB_val
    ) -> CInt {
        switch order {
        case .ascending:
            // LMDB cannot search for an empty key, so an empty key means the first row.
            let search = unsafe key.mv_size == 0 ? MDB_FIRST : MDB_SET_RANGE
            return unsafe mdb_cursor_get(cursor, &key, &value, isFirst ? search : MDB_NEXT)
        case .descending:
            guard isFirst else { return unsafe mdb_cursor_get(cursor, &key, &value, MDB_PREV) }
            // The wanted row is the last one below the bound. MDB_SET_RANGE finds the first row that is not below the
            // bound; the wanted row precedes it. If MDB_SET_RANGE finds nothing, the last row of the table is the
            // wanted one.
            let code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
            guard code == MDB_SUCCESS || code == MDB_NOTFOUND else { return code }
            return unsafe mdb_cursor_get(cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST)
        }
    }
}

extension MDB_val {
    /// Makes an LMDB value that points to `bytes` without a copy. LMDB only reads the bytes. The value must not be used
    /// after `bytes` has become invalid.
    @unsafe
    fileprivate init(borrowing bytes: UnsafeRawBufferPointer) {
        unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// A copy of the bytes to which the LMDB value points.
    fileprivate var bytes: [UInt8] {
        @unsafe get { unsafe Array(UnsafeRawBufferPointer(start: mv_data, count: mv_size)) }
    }
}
