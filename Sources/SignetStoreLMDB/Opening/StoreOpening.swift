// Opening: everything that happens before a store is used. It creates or checks the directory and the files, and hands
// over an open environment. No records here.

import SignetStore

/// Opens the environment of a store. It checks the directory and the data file first, and creates what is missing.
struct StoreOpening: Sendable {
    let path: String
    /// Bytes to map at first, if the data file does not need more.
    let initialMapSize: Int
    /// Bytes beyond which the map does not grow.
    let maximumMapSize: Int
    /// The number of reader slots.
    let readers: Int

    /// How often the check of the data file is tried while other processes change the file.
    private static let attempts = 16

    /// Claims the directory for one store of this process.
    /// - Parameter creating: whether to create the directory if it is missing.
    func claimDirectory(creating: Bool) throws(StoreError) -> DirectoryClaim {
        try DirectoryClaim(StoreDirectory(path: path, creating: creating).identity, path: path)
    }

    /// Opens the store, and creates an empty one if there is none.
    func openOrCreate() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        if try !directory.hasDataFile { try createDataFile(in: directory) }
        return try open(directory)
    }

    /// Opens the store.
    /// - Throws: ``StoreError/Code/inaccessible`` if there is none.
    func openExisting() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        guard try directory.hasDataFile else { throw StoreError(.inaccessible, "there is no store in \(path)") }
        return try open(directory)
    }

    private func createDataFile(in directory: StoreDirectory) throws(StoreError) {
        // Here and not where the directories are created: an earlier process may have created them and been killed.
        try directory.synchronizeParents()
        // The file has another name until it is complete, so that an incomplete data file always means damage.
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
        // LMDB would map a file that is too short, and the process would be killed when it reads the map.
        try file.checkHeader()
        // Here and not where the data file is created: an earlier process may have created it and been killed.
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
            // A failure is not reported, because the writer tries again from time to time.
            try? environment.clearStaleReaders()
            return environment
        } catch {
            environment.close()
            throw error
        }
    }

    private func mapSize(for file: DataFile) throws(StoreError) -> Int {
        let wanted = max(initialMapSize, min(try file.byteCount * 2, maximumMapSize))
        // Rounded up to a multiple of 64 KiB, the largest page size.
        return (wanted + 0xFFFF) & ~0xFFFF
    }

    /// Checks the structure of the newest snapshot. An open read transaction keeps its pages from being overwritten.
    private func check(_ environment: LMDBEnvironment, _ file: DataFile) throws(StoreError) {
        for _ in 0..<Self.attempts {
            let slot: ReadSlot
            do throws(LMDBCode) {
                slot = try environment.adoptingMapSize { () throws(LMDBCode) in try environment.beginRead() }
            } catch {
                throw error.storeError(while: "read the store in \(path)")
            }
            defer { slot.abort() }
            // Two commits of another process overwrite the snapshot's meta page.
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
