// The folder Environment has the types around one LMDB environment: its memory map, transactions and tables. The
// threads of this process share the environment. The code in this folder handles bytes and does not decode records.

import CLMDB
import SignetStore

/// One open LMDB environment. It wraps LMDB's C functions in Swift types.
///
/// LMDB requires three things of its caller, and ``SharedEnvironment`` ensures them:
/// - The map is resized, and the environment closed, only while this process has no transaction open.
/// - A write transaction is used on one thread only.
/// - The environment is not used after ``close()``.
@safe
final class LMDBEnvironment: @unchecked Sendable {
    // `@unchecked Sendable` is safe for two reasons. `pointer` never changes, and `tables` is written once, before
    // other threads can use the environment. LMDB allows most calls from any thread; ``SharedEnvironment`` makes sure
    // that the remaining calls follow LMDB's rules.
    private let pointer: OpaquePointer

    /// The handles of the tables. ``createTables(of:)`` or ``openTables()`` sets them; until then every handle is 0.
    private(set) var tables = Tables(handles: Table.allCases.map { _ in 0 })

    /// Opens an environment whose commits are durable. New files get mode 0600.
    /// - Parameters:
    ///   - path: the directory of the environment. If `privateFile` is true, the path of the data file; the environment
    ///     then has no lock file.
    ///   - mapSize: bytes to map, a multiple of the page size. LMDB maps more if the file is larger.
    ///   - readers: the maximum number of concurrent read transactions of all processes. The value of the first process
    ///     that opens the environment applies to all.
    ///   - privateFile: true if no other process can have the file open.
    init(path: String, mapSize: Int, readers: Int, privateFile: Bool = false) throws(LMDBCode) {
        var created: OpaquePointer?
        try LMDBCode.check(unsafe mdb_env_create(&created))
        guard let created = unsafe created else { throw .panic }
        unsafe pointer = unsafe created
        do throws(LMDBCode) {
            try LMDBCode.check(unsafe mdb_env_set_mapsize(pointer, mapSize))
            try LMDBCode.check(unsafe mdb_env_set_maxreaders(pointer, CUnsignedInt(readers)))
            try LMDBCode.check(unsafe mdb_env_set_maxdbs(pointer, MDB_dbi(Table.allCases.count)))
            unsafe mdb_env_set_assert(pointer) { _, text in
                // LMDB calls this closure if it finds an inconsistent tree. The process must end here, because further
                // writes could destroy more data.
                let text = unsafe text.map { unsafe String(cString: $0) } ?? "no text"
                fatalError("the store is damaged; restore it from a backup (LMDB: \(text))")
            }
            // Without MDB_NOTLS, LMDB would bind a reader slot to a thread. With MDB_NOTLS, a reader slot belongs to a
            // read transaction, which any thread may use.
            // With MDB_NORDAHEAD, the system reads from the disk only the page that is needed, and not its neighbours.
            // The keys are random, so the neighbours would only displace other pages if the store exceeds the memory.
            let flags = MDB_NOTLS | MDB_NORDAHEAD | (privateFile ? MDB_NOSUBDIR | MDB_NOLOCK : 0)
            try LMDBCode.check(unsafe mdb_env_open(pointer, path, CUnsignedInt(flags), 0o600))
        } catch {
            unsafe mdb_env_close(pointer)
            throw error
        }
    }

    /// Closes the environment. Call it once, while no transaction is open.
    func close() {
        unsafe mdb_env_close(pointer)
    }

    /// Creates the missing tables of store format `format` and writes the format number, in one transaction.
    func createTables(of format: UInt32 = StoreFormat.current) throws(LMDBCode) {
        let transaction = unsafe try adoptingMapSize { () throws(LMDBCode) in try unsafe begin(flags: 0) }
        do throws(LMDBCode) {
            let tables = try unsafe openHandles(in: transaction, flags: MDB_CREATE, format: format)
            let writer = unsafe LMDBTransaction(borrowing: transaction, tables: tables)
            defer { writer.end() }
            try? writer.put(StoreFormat.value(of: format), for: StoreFormat.key, in: .meta)
            if let failure = writer.failure { throw failure }
            self.tables = tables
        } catch {
            unsafe mdb_txn_abort(transaction)
            throw error
        }
        try unsafe commit(transaction)
    }

    /// Opens every table. If the store has an older format, also creates the tables that newer formats have added.
    /// - Throws: ``StoreError/Code/newerVersion`` for a newer format; ``StoreError/Code/corrupt`` if the format number
    ///   or a table of the format is missing.
    func openTables() throws(StoreError) {
        guard try openTablesOfFormat() < StoreFormat.current else { return }
        do throws(LMDBCode) {
            try createTables()
        } catch {
            throw error.storeError(while: "add the tables of newer versions to the store")
        }
    }

    /// Opens the tables that exist in the store's format.
    /// - Returns: the format number.
    private func openTablesOfFormat() throws(StoreError) -> UInt32 {
        let transaction: OpaquePointer
        do throws(LMDBCode) {
            unsafe transaction = try adoptingMapSize { () throws(LMDBCode) in try unsafe begin(flags: MDB_RDONLY) }
        } catch {
            throw error.storeError(while: "read the store's tables")
        }
        let format: UInt32
        do throws(StoreError) {
            format = try StoreFormat.read(unsafe formatValue(in: transaction))
            do throws(LMDBCode) {
                tables = try unsafe openHandles(in: transaction, flags: 0, format: format)
            } catch {
                throw error == .notFound
                    ? StoreError(.corrupt, "the store has lost one of its tables; restore it from a backup")
                    : error.storeError(while: "open the store's tables")
            }
        } catch {
            unsafe mdb_txn_abort(transaction)
            throw error
        }
        do throws(LMDBCode) {
            // LMDB keeps the handles that a read transaction opened only if that transaction is committed.
            try unsafe commit(transaction)
        } catch {
            throw error.storeError(while: "open the store's tables")
        }
        return format
    }

    /// Reads the bytes of the format number from the meta table. Returns `nil` if the table or the row does not exist.
    @unsafe
    private func formatValue(in transaction: OpaquePointer) throws(StoreError) -> [UInt8]? {
        var meta: MDB_dbi = 0
        let code = LMDBCode(rawValue: unsafe mdb_dbi_open(transaction, Table.meta.rawValue, 0, &meta))
        guard code != .notFound else { return nil }
        guard code == .success else { throw code.storeError(while: "open the table \(Table.meta.rawValue)") }
        let reader = unsafe LMDBTransaction(
            borrowing: transaction, tables: Tables(handles: Table.allCases.map { _ in meta }))
        defer { reader.end() }
        return try reader.value(of: StoreFormat.key, in: .meta)
    }

    @unsafe
    private func openHandles(
        in transaction: OpaquePointer, flags: CInt, format: UInt32
    ) throws(LMDBCode) -> Tables {
        var handles: [MDB_dbi] = []
        for table in Table.allCases {
            var handle: MDB_dbi = 0
            guard table.format <= format else {
                handles.append(handle)
                continue
            }
            try LMDBCode.check(unsafe mdb_dbi_open(transaction, table.rawValue, CUnsignedInt(flags), &handle))
            handles.append(handle)
        }
        return Tables(handles: handles)
    }
}

// MARK: - Transactions

extension LMDBEnvironment {
    /// Begins a write transaction. Waits while another process has a write transaction open.
    @unsafe
    func beginWrite() throws(LMDBCode) -> OpaquePointer {
        try unsafe begin(flags: 0)
    }

    /// Begins a nested transaction. `parent` must not be used until the nested transaction has ended.
    @unsafe
    func beginWrite(in parent: OpaquePointer) throws(LMDBCode) -> OpaquePointer {
        try unsafe begin(flags: 0, parent: parent)
    }

    /// Begins a read transaction in a new slot of LMDB's reader table.
    func beginRead() throws(LMDBCode) -> ReadSlot {
        let slot = unsafe ReadSlot(takingOwnershipOf: try begin(flags: MDB_RDONLY))
        guard !isConsistent(slot) else { return slot }
        slot.reset()
        do throws(LMDBCode) {
            try renew(slot)
            return slot
        } catch {
            slot.abort()
            throw error
        }
    }

    /// Begins a read transaction in a slot whose previous read transaction was reset.
    func renew(_ slot: ReadSlot) throws(LMDBCode) {
        try slot.renew()
        while !isConsistent(slot) {
            slot.reset()
            try slot.renew()
        }
    }

    /// Returns true if a new read transaction certainly reads the commit with the number ``ReadSlot/snapshotID``.
    /// Returns false if it may read a later commit, which may not be durable yet.
    ///
    /// LMDB begins a read transaction in two steps: it takes the number of the newest commit, and then copies the meta
    /// page of that commit. There are two meta pages, which commits overwrite in turn. So the copy may be wrong only if
    /// two other commits came between the two steps.
    private func isConsistent(_ slot: ReadSlot) -> Bool {
        UInt64(unsafe info.me_last_txnid) < slot.snapshotID + 2
    }

    /// Commits the transaction durably. LMDB frees the transaction, even if the commit fails.
    @unsafe
    func commit(_ transaction: OpaquePointer) throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_txn_commit(transaction))
    }

    /// True if LMDB refuses further writes because it failed to write a meta page.
    ///
    /// Call this only on the writer's thread, without an open transaction.
    var isBroken: Bool {
        do throws(LMDBCode) {
            unsafe mdb_txn_abort(try unsafe begin(flags: 0))
            return false
        } catch {
            return error == .panic
        }
    }

    @unsafe
    private func begin(flags: CInt, parent: OpaquePointer? = nil) throws(LMDBCode) -> OpaquePointer {
        var transaction: OpaquePointer?
        try LMDBCode.check(unsafe mdb_txn_begin(pointer, parent, CUnsignedInt(flags), &transaction))
        guard let transaction = unsafe transaction else { throw .panic }
        return unsafe transaction
    }
}

// MARK: - The map and the file

extension LMDBEnvironment {
    /// The number of bytes of address space that are mapped now.
    var mapSize: Int { unsafe info.me_mapsize }

    /// The sizes of the map and of the data file, and the number of the last transaction.
    var extent: StoreExtent {
        var statistics = MDB_stat()
        _ = unsafe mdb_env_stat(pointer, &statistics)
        let info = unsafe info
        return StoreExtent(
            mapped: unsafe info.me_mapsize, used: (unsafe info.me_last_pgno + 1) * Int(statistics.ms_psize),
            transaction: unsafe info.me_last_txnid)
    }

    /// Maps `size` bytes of the data file into memory. Call it only while this process has no transaction open.
    func resizeMap(to size: Int) throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_set_mapsize(pointer, size))
    }

    /// Takes over the size to which another process has grown the map. Call it only while this process has no
    /// transaction open.
    func adoptMapSize() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_set_mapsize(pointer, 0))
    }

    /// Runs `body`. If another process has grown the map, adopts the new size and runs `body` again. Call it only while
    /// this process has no transaction open.
    func adoptingMapSize<Result>(_ body: () throws(LMDBCode) -> Result) throws(LMDBCode) -> Result {
        for _ in 0..<Self.attempts {
            do throws(LMDBCode) {
                return try body()
            } catch {
                guard error == .mapResized else { throw error }
                try adoptMapSize()
            }
        }
        throw .mapResized
    }

    /// The maximum number of times that ``adoptingMapSize(_:)`` runs its body. After that it throws.
    private static let attempts = 16

    /// The file descriptor of the data file. LMDB closes it with the environment, so callers must not close it.
    var fileDescriptor: CInt {
        var descriptor: CInt = -1
        _ = unsafe mdb_env_get_fd(pointer, &descriptor)
        return descriptor
    }

    /// Forces the data file to disk, including writes that the system has only cached.
    func synchronize() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_sync(pointer, 1))
    }

    /// Frees the reader slots of killed processes. While such a slot exists, LMDB cannot reuse the pages of old
    /// snapshots.
    func clearStaleReaders() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_reader_check(pointer, nil))
    }

    private var info: MDB_envinfo {
        var info = unsafe MDB_envinfo()
        _ = unsafe mdb_env_info(pointer, &info)
        return unsafe info
    }
}

/// The size of a store, and the number of the last transaction that changed the store.
struct StoreExtent: Sendable, Hashable {
    /// Bytes of address space that are mapped now.
    let mapped: Int
    /// Bytes of the data file that are in use. They include the pages that LMDB has freed and will reuse.
    let used: Int
    /// The number of the last transaction that changed the store.
    let transaction: Int
}
