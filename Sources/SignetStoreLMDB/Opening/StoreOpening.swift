import SignetStore

/// Opens the environment of a store: checks the directory and the data file first, creates what is missing.
struct StoreOpening: Sendable {
    let path: String
    let options: LMDBStore.Options

    /// Claims the directory for this process.
    /// - Parameter creating: whether to create it if need be.
    func claimDirectory(creating: Bool) throws(StoreError) -> DirectoryClaim {
        try DirectoryClaim(StoreDirectory(path: path, creating: creating).identity, path: path)
    }

    /// Opens the store, an empty new one if there is none.
    func openOrCreate() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        if try !directory.hasDataFile { try createDataFile(in: directory) }
        return try open(directory)
    }

    /// Opens the store, which must exist.
    func openExisting() throws(StoreError) -> LMDBEnvironment {
        let directory = try StoreDirectory(path: path)
        guard try directory.hasDataFile else { throw StoreError(.inaccessible, "there is no store in \(path)") }
        return try open(directory)
    }

    private func createDataFile(in directory: StoreDirectory) throws(StoreError) {
        // Under another name until it is whole: a data file is either missing or good, and an empty one is damage.
        try directory.removeUnfinishedFile()
        do throws(LMDBCode) {
            let environment = try LMDBEnvironment(
                path: "\(path)/\(StoreDirectory.unfinishedFile)", mapSize: options.initialMapSize,
                readers: options.readers, privateFile: true)
            defer { environment.close() }
            try environment.createTables()
        } catch {
            throw error.storeError(while: "create the store in \(path)")
        }
        try directory.adoptUnfinishedFile()
    }

    private func open(_ directory: StoreDirectory) throws(StoreError) -> LMDBEnvironment {
        let file = try DataFile(path: "\(path)/\(StoreDirectory.dataFile)")
        // Before LMDB sees the file: it would map one that is too short, and die of reading it.
        try file.checkHeader()
        let environment: LMDBEnvironment
        let mapSize = try mapSize(for: file)
        try LockFile.reserve(in: path, readers: options.readers)
        do throws(LMDBCode) {
            environment = try LMDBEnvironment(path: path, mapSize: mapSize, readers: options.readers)
        } catch {
            throw error.storeError(while: "open the store in \(path)")
        }
        do throws(StoreError) {
            try check(environment, file)
            try environment.openTables()
            // Left by processes that were killed; if it fails, the writer tries again from time to time.
            try? environment.clearStaleReaders()
            return environment
        } catch {
            environment.close()
            throw error
        }
    }

    private func mapSize(for file: DataFile) throws(StoreError) -> Int {
        let wanted = max(options.initialMapSize, min(try file.byteCount * 2, options.maximumMapSize))
        // A multiple of every page size there is.
        return (wanted + 0xFFFF) & ~0xFFFF
    }

    /// Checks the structure of the newest snapshot, which a read transaction keeps from being overwritten meanwhile.
    private func check(_ environment: LMDBEnvironment, _ file: DataFile) throws(StoreError) {
        for _ in 0..<Self.attempts {
            let slot: ReadSlot
            do throws(LMDBCode) {
                slot = try environment.adoptingMapSize { () throws(LMDBCode) in try environment.beginRead() }
            } catch {
                throw error.storeError(while: "read the store in \(path)")
            }
            defer { slot.abort() }
            // Two commits of another process in between, and the snapshot's meta page is gone.
            guard let meta = try file.metaPages().first(where: { $0.transactionID == slot.snapshotID }) else {
                continue
            }
            var check = StructureCheck(meta: meta, byteCount: try file.byteCount) { page, count throws(StoreError) in
                try file.read(count * meta.pageSize, at: page * UInt64(meta.pageSize))
            }
            return try check.run()
        }
        throw StoreError(.busy, "the store in \(path) changes too quickly to be checked")
    }

    /// Other processes may disturb the check; it is begun this often.
    private static let attempts = 16
}
