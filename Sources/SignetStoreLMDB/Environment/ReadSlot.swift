import CLMDB

/// Owns one read transaction and its slot in LMDB's reader table.
///
/// The slot is reused for many reads. ``reset()`` and ``renew()`` keep the slot and take less than a microsecond.
@safe
final class ReadSlot: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: a slot is either idle in the pool or used by one thread.
    private let pointer: OpaquePointer

    /// Takes over `pointer`, an active read transaction of LMDB.
    @unsafe
    init(takingOwnershipOf pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    /// The number of the commit whose data the read transaction sees.
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

    /// The transaction to read with. The result is valid until ``reset()``.
    func transaction(with tables: Tables) -> LMDBTransaction {
        unsafe LMDBTransaction(borrowing: pointer, tables: tables)
    }
}
