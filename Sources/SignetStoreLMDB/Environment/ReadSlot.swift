import CLMDB

/// One LMDB read transaction and its slot in LMDB's reader table.
///
/// A slot is used for many reads in turn. ``reset()`` ends a read and ``renew()`` begins the next one. Both keep the
/// slot and take less than a microsecond.
@safe
final class ReadSlot: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: only one thread at a time uses a slot. A slot that no thread uses is in the
    // pool of idle slots.
    private let pointer: OpaquePointer

    /// Takes over `pointer`, an active read transaction of LMDB.
    @unsafe
    init(takingOwnershipOf pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    /// The number of the commit that the read transaction sees.
    var snapshotID: UInt64 { UInt64(unsafe mdb_txn_id(pointer)) }

    /// Begins a read of the newest commit. Call this only after ``reset()``.
    func renew() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_txn_renew(pointer))
    }

    /// Ends the read and releases its snapshot, but keeps the slot in the reader table.
    func reset() {
        unsafe mdb_txn_reset(pointer)
    }

    /// Frees the slot in the reader table. The object must not be used afterwards.
    func abort() {
        unsafe mdb_txn_abort(pointer)
    }

    /// The object that reads rows in this read transaction. It is valid until ``reset()``.
    func transaction(with tables: Tables) -> LMDBTransaction {
        unsafe LMDBTransaction(borrowing: pointer, tables: tables)
    }
}
