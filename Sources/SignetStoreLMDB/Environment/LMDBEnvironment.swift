import CLMDB
import SignetStore

/// Owns one open LMDB environment and makes its calls.
///
/// LMDB leaves three duties to whoever uses it, and `SharedEnvironment` fulfils them: the map is resized and the
/// environment closed only while no transaction of this process is open; a write transaction stays on its thread; and
/// nothing is used after ``close()``.
@safe
final class LMDBEnvironment: @unchecked Sendable {
    // Unchecked: `pointer` never changes, LMDB's calls on an environment may be made from any thread within the duties
    // above, and `tables` is written once, before the environment is shared.
    private let pointer: OpaquePointer

    /// The handles of the tables; set by ``openTables(creating:)``.
    private(set) var tables = Tables(handles: Table.allCases.map { _ in 0 })

    /// Opens the environment in the directory `path`, with full durability and its files readable by their owner only.
    ///
    /// - Parameters:
    ///   - path: the directory; or, with `privateFile`, the data file itself, used without a lock file.
    ///   - mapSize: bytes to map, a multiple of the page size; the file may already need more, which LMDB grants.
    ///   - readers: read transactions at once over all processes, unless another process has chosen already.
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
                // LMDB would abort after this anyway; a process must not go on with a tree that contradicts itself.
                let text = unsafe text.map { unsafe String(cString: $0) } ?? "no text"
                fatalError("the store is damaged, restore it from a backup (LMDB: \(text))")
            }
            // Without MDB_NOTLS a reader slot would belong to the thread that took it, and not to its transaction.
            let flags = privateFile ? MDB_NOTLS | MDB_NOSUBDIR | MDB_NOLOCK : MDB_NOTLS
            try LMDBCode.check(unsafe mdb_env_open(pointer, path, CUnsignedInt(flags), 0o600))
        } catch {
            unsafe mdb_env_close(pointer)
            throw error
        }
    }

    /// Closes the environment. Only once, and with no transaction open.
    func close() {
        unsafe mdb_env_close(pointer)
    }

    /// Creates every table of `format` that is missing, and the note of that format, in one transaction.
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

    /// Opens every table, after a look at the store's format; a store of an older format first gets the tables that
    /// came later.
    /// - Throws: ``StoreError/Code/newerVersion`` or ``StoreError/Code/corrupt`` by the format; corrupt, too, when a
    ///   table is missing that the format has.
    func openTables() throws(StoreError) {
        guard try openTablesOfFormat() < StoreFormat.current else { return }
        do throws(LMDBCode) {
            try createTables()
        } catch {
            throw error.storeError(while: "add the tables that an older version did not have")
        }
    }

    /// Opens the tables that the store's own format has, and returns that format.
    private func openTablesOfFormat() throws(StoreError) -> UInt32 {
        let transaction: OpaquePointer
        do throws(LMDBCode) {
            unsafe transaction = try adoptingMapSize { () throws(LMDBCode) in try unsafe begin(flags: MDB_RDONLY) }
        } catch {
            throw error.storeError(while: "read the store's tables")
        }
        let format: UInt32
        do throws(StoreError) {
            format = try StoreFormat.read(unsafe formatNote(in: transaction))
            do throws(LMDBCode) {
                tables = try unsafe openHandles(in: transaction, flags: 0, format: format)
            } catch {
                throw error == .notFound
                    ? StoreError(.corrupt, "the store lacks one of its tables")
                    : error.storeError(while: "open the store's tables")
            }
        } catch {
            unsafe mdb_txn_abort(transaction)
            throw error
        }
        do throws(LMDBCode) {
            // Committing is what makes handles from a read transaction stay.
            try unsafe commit(transaction)
        } catch {
            throw error.storeError(while: "open the store's tables")
        }
        return format
    }

    /// What stands in the meta table about the format; `nil` when there is no such table or no such note.
    @unsafe
    private func formatNote(in transaction: OpaquePointer) throws(StoreError) -> [UInt8]? {
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
    /// Begins a write transaction, waiting for the one of another process.
    @unsafe
    func beginWrite() throws(LMDBCode) -> OpaquePointer {
        try unsafe begin(flags: 0)
    }

    /// Begins a transaction inside `parent`, which must not be used until the new one has ended.
    @unsafe
    func beginWrite(in parent: OpaquePointer) throws(LMDBCode) -> OpaquePointer {
        try unsafe begin(flags: 0, parent: parent)
    }

    /// Begins a read transaction.
    func beginRead() throws(LMDBCode) -> ReadSlot {
        let slot = unsafe ReadSlot(takingOwnershipOf: try begin(flags: MDB_RDONLY))
        guard !isTrue(slot) else { return slot }
        slot.reset()
        do throws(LMDBCode) {
            try renew(slot)
            return slot
        } catch {
            slot.abort()
            throw error
        }
    }

    /// Begins a read again, in a slot that is reset.
    func renew(_ slot: ReadSlot) throws(LMDBCode) {
        try slot.renew()
        while !isTrue(slot) {
            slot.reset()
            try slot.renew()
        }
    }

    /// Whether a read that has just begun shows the commit that it says.
    ///
    /// LMDB notes the newest commit, then copies the meta page that it and every second one before and after it share. A
    /// thread that is held up between the two gets a later commit, perhaps one that is not durable yet. That the newest
    /// meta page is still this one or the next, which is the other page, says that it was not held up.
    private func isTrue(_ slot: ReadSlot) -> Bool {
        UInt64(unsafe info.me_last_txnid) < slot.snapshotID + 2
    }

    /// Commits, durably; the transaction is gone afterwards, whatever the outcome.
    @unsafe
    func commit(_ transaction: OpaquePointer) throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_txn_commit(transaction))
    }

    /// Whether the environment refuses to go on, since it could not write a meta page.
    ///
    /// Call it on the writer's thread, without a transaction open.
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
    /// Bytes mapped now.
    var mapSize: Int { unsafe info.me_mapsize }

    /// How much is mapped and used.
    var extent: StoreExtent {
        var statistics = MDB_stat()
        _ = unsafe mdb_env_stat(pointer, &statistics)
        let info = unsafe info
        return StoreExtent(
            mapped: unsafe info.me_mapsize, used: (unsafe info.me_last_pgno + 1) * Int(statistics.ms_psize),
            transaction: unsafe info.me_last_txnid)
    }

    /// Maps `size` bytes. With no transaction of this process open.
    func resizeMap(to size: Int) throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_set_mapsize(pointer, size))
    }

    /// Maps what another process has grown the map to. With no transaction of this process open.
    func adoptMapSize() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_set_mapsize(pointer, 0))
    }

    /// Runs `body`, and again whenever another process has grown the map meanwhile. With no transaction of this process
    /// open.
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

    /// How often another process may be quicker.
    private static let attempts = 16

    /// The data file's descriptor, which the environment owns.
    var fileDescriptor: CInt {
        var descriptor: CInt = -1
        _ = unsafe mdb_env_get_fd(pointer, &descriptor)
        return descriptor
    }

    /// Forces to disk what the system still holds of the data file.
    func synchronize() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_env_sync(pointer, 1))
    }

    /// Frees the reader slots of processes that were killed, which would keep old pages from being used again.
    func clearStaleReaders() throws(LMDBCode) {
        try LMDBCode.check(unsafe mdb_reader_check(pointer, nil))
    }

    private var info: MDB_envinfo {
        var info = unsafe MDB_envinfo()
        _ = unsafe mdb_env_info(pointer, &info)
        return unsafe info
    }
}
