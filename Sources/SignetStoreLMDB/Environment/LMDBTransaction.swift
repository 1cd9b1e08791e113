import CLMDB
import SignetStore

/// One transaction, for the length of the closure that receives it.
///
/// Every use after ``end()`` stops the process: LMDB would read memory that is gone.
@safe
final class LMDBTransaction {
    private var pointer: OpaquePointer?
    private let tables: Tables

    /// The first code that LMDB failed with, be it that the closure swallowed the error. The transaction must then not
    /// be committed.
    private(set) var failure: LMDBCode?

    /// - Parameter pointer: belongs to the caller, who calls ``end()`` before giving it up.
    @unsafe
    init(borrowing pointer: OpaquePointer, tables: Tables) {
        unsafe self.pointer = unsafe pointer
        self.tables = tables
    }

    /// Makes every later use a trap.
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

    /// The value of `key`.
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

    /// Stores `value` under `key`, in place of any other.
    func put(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) {
        try check(put(value, for: key, in: table, flags: 0), "write \(table.rawValue)")
    }

    /// Stores `value` under `key` unless the key is taken. Returns whether it did.
    func insert(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) -> Bool {
        let code = put(value, for: key, in: table, flags: MDB_NOOVERWRITE)
        guard code != MDB_KEYEXIST else { return false }
        try check(code, "write \(table.rawValue)")
        return true
    }

    /// Stores `value` under `key` behind the table's last key, so that pages which fill in order are full. Returns
    /// whether `key` sorts there.
    func append(_ value: [UInt8], for key: [UInt8], in table: Table) throws(StoreError) -> Bool {
        let code = put(value, for: key, in: table, flags: MDB_APPEND)
        guard code != MDB_KEYEXIST else { return false }
        try check(code, "write \(table.rawValue)")
        return true
    }

    /// Removes `key`. Returns whether it was there.
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

    /// Rows in ascending order of their keys, beginning with the first key not below `start`, `limit` at most, up to the
    /// first key that `isWanted` refuses.
    func rows(
        of table: Table, from start: [UInt8], limit: Int, while isWanted: ([UInt8]) -> Bool = { _ in true }
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(live, tables[table], &cursor), "read \(table.rawValue)")
        defer { unsafe mdb_cursor_close(cursor) }
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var code = MDB_NOTFOUND
        while rows.count < limit {
            unsafe start.withUnsafeBytes { start in
                // LMDB has no empty key to seek.
                let seek = unsafe start.isEmpty ? MDB_FIRST : MDB_SET_RANGE
                var key = unsafe MDB_val(borrowing: start)
                var value = unsafe MDB_val()
                code = unsafe mdb_cursor_get(cursor, &key, &value, rows.isEmpty ? seek : MDB_NEXT)
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

    /// Rows in descending order of their keys, beginning with the last key below `end`, `limit` at most, down to the
    /// first key that `isWanted` refuses.
    /// - Parameter end: not empty.
    func rows(
        of table: Table, below end: [UInt8], limit: Int, while isWanted: ([UInt8]) -> Bool = { _ in true }
    ) throws(StoreError) -> [(key: [UInt8], value: [UInt8])] {
        var cursor: OpaquePointer?
        try check(unsafe mdb_cursor_open(live, tables[table], &cursor), "read \(table.rawValue)")
        defer { unsafe mdb_cursor_close(cursor) }
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var code = MDB_SUCCESS
        while rows.count < limit {
            unsafe end.withUnsafeBytes { end in
                var key = unsafe MDB_val(borrowing: end)
                var value = unsafe MDB_val()
                // The first key that is not below; behind the last key there is none.
                if rows.isEmpty { code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE) }
                guard code == MDB_SUCCESS || code == MDB_NOTFOUND else { return }
                code = unsafe mdb_cursor_get(cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST)
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

    private func check(_ raw: CInt, _ step: String) throws(StoreError) {
        guard raw != MDB_SUCCESS else { return }
        let code = LMDBCode(rawValue: raw)
        failure = failure ?? code
        throw code.storeError(while: step)
    }
}
