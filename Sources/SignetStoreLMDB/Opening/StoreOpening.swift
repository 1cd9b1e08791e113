// The folder Opening opens a store: it creates or checks the directory and the files, and returns an open LMDB
// environment. The code in this folder does not decode records.

import SignetStore

/// Opens the LMDB environment of a store, after it has created or checked the directory and the data file.
struct StoreOpening: Sendable {
    let path: String
    /// The size of the memory map when the store opens, in bytes. The map is larger if the data file needs more.
    let initialMapSize: Int
    /// The size in bytes above which the memory map does not grow.
    let maximumMapSize: Int
    /// The number of reader slots in LMDB's reader table.
    let readers: Int

    /// The maximum number of attempts to check the data file. An attempt fails if other processes change the file
    /// during the check.
    private static let attempts = 16

    /// Claims the directory, so that this process cannot open its store a second time.
    /// - Parameter creating: true to create the directory if it is missing.
    func claimDirectory(creating: Bool) throws(StoreError) -> DirectoryClaim {
        try DirectoryClaim(StoreDirectory(path: path, creating: creating).identity, path: path)
    }

    /// Opens the store. Creates an empty store if the directory has no data file.
    func openOrCreate() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        if try !directory.hasDataFile { try createDataFile(in: directory) }
        return try open(directory)
    }

    /// Opens the store.
    /// - Throws: ``StoreError/Code/inaccessible`` if the directory has no data file.
    func openExisting() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        guard try directory.hasDataFile else { throw StoreError(.inaccessible, "there is no store in \(path)") }
        return try open(directory)
    }

    private func createDataFile(in directory: StoreDirectory) throws(StoreError) {
        // Call `fsync` on the parent directories even if they existed before. An earlier process may have created them
        // and been killed before its `fsync`.
        try directory.synchronizeParents()
        // A new data file has a temporary name until it is complete. Remove the file that an interrupted creation has
        // left.
        try directory.removeUnfinishedFile()
        do throws(LMDBCode) {
            let environment = try LMDBEnvironment(
                path: "\(path)/\(StoreDirectory.unfinishedFile)", mapSize: initialMapSize, readers: readers,
                privateFile: true)
            defer { environment.close() }
            try environment.createTables()
        } catch {
            throw error.storeError(while: "create the store in \(path)")
        }
        try directory.adoptUnfinishedFile()
    }

    private func open(_ directory: StoreDirectory) throws(StoreError) -> LMDBEnvironment {
        let file = try DataFile(path: "\(path)/\(StoreDirectory.dataFile)")
        // LMDB would map a file that is too short without an error, and reading the map would then kill the process.
        try file.checkHeader()
        // Call `fsync` on the directory even if the data file existed before. An earlier process may have created the
        // file and been killed before its `fsync`.
        try directory.synchronize()
        let environment: LMDBEnvironment
        let mapSize = try mapSize(for: file)
        try LockFile.reserve(in: path, readers: readers)
        do throws(LMDBCode) {
            environment = try LMDBEnvironment(path: path, mapSize: mapSize, readers: readers)
        } catch {
            throw error.storeError(while: "open the store in \(path)")
        }
        do throws(StoreError) {
            try check(environment, file)
            try environment.openTables()
            // Ignore a failure. The writer frees the reader slots of dead processes regularly.
            try? environment.clearStaleReaders()
            return environment
        } catch {
            environment.close()
            throw error
        }
    }

    private func mapSize(for file: DataFile) throws(StoreError) -> Int {
        let wanted = max(initialMapSize, min(try file.byteCount * 2, maximumMapSize))
        // Round the map size up to a multiple of 64 KiB, the largest page size, because LMDB requires a multiple of the
        // page size.
        return (wanted + 0xFFFF) & ~0xFFFF
    }

    /// Checks the structure of the newest snapshot. A read transaction is open during the check, so that LMDB does not
    /// overwrite the pages of the snapshot.
    private func check(_ environment: LMDBEnvironment, _ file: DataFile) throws(StoreError) {
        for _ in 0..<Self.attempts {
            let slot: ReadSlot
            do throws(LMDBCode) {
                slot = try environment.adoptingMapSize { () throws(LMDBCode) in try environment.beginRead() }
            } catch {
                throw error.storeError(while: "read the store in \(path)")
            }
            defer { slot.abort() }
            // The meta page of this snapshot is gone if other processes have committed twice since `beginRead`, because
            // LMDB overwrites its two meta pages in turn. Try again with a newer snapshot.
            guard let meta = try file.metaPages().first(where: { $0.transactionID == slot.snapshotID }) else {
                continue
            }
            var check = StructureCheck(meta: meta, byteCount: try file.byteCount) { page, count throws(StoreError) in
                try file.read(count * meta.pageSize, at: page * UInt64(meta.pageSize))
            }
            return try check.run()
        }
        throw StoreError(
            .busy, "other processes change the store in \(path) faster than it can be checked; try again later")
    }
}
