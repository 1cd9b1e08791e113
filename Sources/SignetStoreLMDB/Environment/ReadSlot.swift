import CLMDB

/// Owns one read transaction, which is used again and again: resetting and renewing keeps its slot in the reader table
/// and costs a fraction of a microsecond.
@safe
final class ReadSlot: @unchecked Sendable {
    // Unchecked: a slot is either idle in the pool, untouched, or lent to one thread.
    private let pointer: OpaquePointer

    /// - Parameter pointer: an active read transaction.
    @unsafe
    init(takingOwnershipOf pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    /// Which commit the snapshot shows.
    var snapshotID: UInt64 { UInt64(unsafe mdb_txn_id(pointer)) }

    /// Begins again, on the newest snapshot.
    func renew() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_txn_renew(pointer))
    }

    /// Lets go of the snapshot.
    func reset() {
        unsafe mdb_txn_reset(pointer)
    }

    /// Gives the slot back to the reader table. Only once, and the last call.
    func abort() {
        unsafe mdb_txn_abort(pointer)
    }

    /// The transaction to read with, between a begin or a renew and the reset.
    func transaction(with tables: Tables) -> LMDBTransaction {
        unsafe LMDBTransaction(borrowing: pointer, tables: tables)
    }
}
