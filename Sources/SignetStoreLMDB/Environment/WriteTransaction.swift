import CLMDB

/// One open write transaction. The object is valid only inside the closure that received it.
@safe
struct WriteTransaction {
    private let pointer: OpaquePointer
    private let environment: LMDBEnvironment

    @unsafe
    fileprivate init(borrowing pointer: OpaquePointer, of environment: LMDBEnvironment) {
        unsafe self.pointer = unsafe pointer
        self.environment = environment
    }

    /// Runs `body` in this transaction itself. Compare ``runNested(_:)``.
    /// - Returns: the result of `body`, which is true if its writes should be committed.
    /// - Throws: the code of an LMDB call that failed in `body`, even if `body` caught the error.
    func run(_ body: (LMDBTransaction) -> Bool) throws(LMDBCode) -> Bool {
        try unsafe Self.run(body, in: pointer, of: environment)
    }

    /// Runs `body` in a nested transaction. If `body` returns false, its writes are undone.
    /// - Throws: the code of an LMDB call that failed in `body`, even if `body` caught the error. The caller must then
    ///   not commit the outer transaction.
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
    /// Runs `body` in a write transaction, and commits it durably if `body` returns true.
    ///
    /// Call it only on the writer's thread.
    /// - Throws: ``WriteFailure/notWritten(_:)`` if the store is unchanged; ``WriteFailure/unknown(_:)`` if the commit
    ///   failed and the disk may hold the old state or the new one.
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
            // LMDB commits in three steps: it writes the changed pages to unused places, it forces them to disk, and it
            // writes a meta page that refers to them. If the first or second step fails, the old state stays valid. If
            // the third step fails, the disk may hold the old or the new state, and LMDB marks the environment as
            // broken.
            throw isBroken ? .unknown(error) : .notWritten(error)
        }
    }
}

/// The reason why a write transaction failed.
enum WriteFailure: Error {
    /// The transaction failed and changed nothing on disk.
    case notWritten(LMDBCode)
    /// The commit failed while LMDB wrote the meta page, so the disk may hold the old state or the new one.
    case unknown(LMDBCode)
    /// The environment is closed, or an attempt to open it again has failed.
    case closed

    /// True if the write failed because LMDB's memory map is full. The same write can succeed with a larger map.
    var isMapFull: Bool {
        if case .notWritten(.mapFull) = self { true } else { false }
    }
}
