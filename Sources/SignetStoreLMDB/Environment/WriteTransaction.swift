import CLMDB

/// One write transaction, for the length of the closure that receives it.
@safe
struct WriteTransaction {
    private let pointer: OpaquePointer
    private let environment: LMDBEnvironment

    @unsafe
    fileprivate init(borrowing pointer: OpaquePointer, of environment: LMDBEnvironment) {
        unsafe self.pointer = unsafe pointer
        self.environment = environment
    }

    /// Runs `body` directly in the transaction.
    /// - Returns: what `body` says: whether its writes shall stay.
    /// - Throws: the code of any LMDB call that failed inside, even if `body` swallowed it.
    func run(_ body: (LMDBTransaction) -> Bool) throws(LMDBCode) -> Bool {
        try unsafe Self.run(body, in: pointer, of: environment)
    }

    /// Runs `body` in a transaction inside this one, which it leaves as it was unless `body` returns true.
    /// - Throws: the code of any LMDB call that failed inside, even if `body` swallowed it. The outer transaction must
    ///   then not be committed.
    func runNested(_ body: (LMDBTransaction) -> Bool) throws(LMDBCode) {
        let nested = try unsafe environment.beginWrite(in: pointer)
        var shallStay = false
        do throws(LMDBCode) {
            shallStay = try unsafe Self.run(body, in: nested, of: environment)
        } catch {
            unsafe mdb_txn_abort(nested)
            throw error
        }
        if shallStay {
            try unsafe environment.commit(nested)
        } else {
            unsafe mdb_txn_abort(nested)
        }
    }

    @unsafe
    private static func run(
        _ body: (LMDBTransaction) -> Bool, in pointer: OpaquePointer, of environment: LMDBEnvironment
    ) throws(LMDBCode) -> Bool {
        let transaction = unsafe LMDBTransaction(borrowing: pointer, tables: environment.tables)
        defer { transaction.end() }
        let shallStay = body(transaction)
        if let failure = transaction.failure { throw failure }
        return shallStay
    }
}

extension LMDBEnvironment {
    /// Runs `body` in a write transaction, which is committed when `body` returns true and leaves no trace otherwise.
    ///
    /// LMDB commits in three steps: it writes the changed pages to places that nothing refers to, forces them to disk,
    /// and writes a meta page that refers to them through a descriptor that is synchronous. A failure before the last
    /// step leaves the old state untouched, in memory and on disk. After a failure of the last step, LMDB declares the
    /// environment broken, which is how the two are told apart.
    func write(_ body: (WriteTransaction) throws(LMDBCode) -> Bool) throws(WriteFailure) {
        let pointer: OpaquePointer
        do throws(LMDBCode) {
            unsafe pointer = try beginWrite()
        } catch {
            throw .notWritten(error)
        }
        var shallCommit = false
        do throws(LMDBCode) {
            shallCommit = try unsafe body(WriteTransaction(borrowing: pointer, of: self))
        } catch {
            unsafe mdb_txn_abort(pointer)
            throw .notWritten(error)
        }
        guard shallCommit else {
            unsafe mdb_txn_abort(pointer)
            return
        }
        do throws(LMDBCode) {
            try unsafe commit(pointer)
        } catch {
            throw isBroken ? .unknown(error) : .notWritten(error)
        }
    }
}
