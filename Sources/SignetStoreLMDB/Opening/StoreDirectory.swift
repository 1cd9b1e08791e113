import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The open directory of a store, locked against other processes that are opening it, too.
///
/// The lock lasts as long as the object. It serialises opening only; LMDB's own locks do the rest.
final class StoreDirectory {
    static let dataFile = "data.mdb"
    /// Where a new data file grows until it is whole.
    static let unfinishedFile = "data.mdb.new"

    let path: String
    private let descriptor: CInt

    /// Opens `path`.
    /// - Parameter creating: whether to create it (0700), and the directories above it, if need be.
    /// - Throws: ``StoreError/Code/inaccessible``, also when everybody may write to the directory.
    init(path: String, creating: Bool = false) throws(StoreError) {
        self.path = path
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StoreError(.inaccessible, "the store's directory has no usable name")
        }
        if creating { try Self.create(path) }
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.inaccessible("open the directory \(path)") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Self.inaccessible("lock the directory \(path)") }
        }
        // Whoever may write there may put another store in this one's place, or a link to any file in that of its lock.
        guard try status.st_mode & 0o002 == 0 else {
            throw StoreError(.inaccessible, "everybody may write to \(path): run chmod 700 \(path)")
        }
    }

    deinit {
        if descriptor >= 0 { _ = Self.close(descriptor) }
    }

    /// Which directory it is.
    var identity: DirectoryClaim.Identity {
        get throws(StoreError) {
            let status = try status
            return DirectoryClaim.Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
    }

    private var status: stat {
        get throws(StoreError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw Self.inaccessible("look at \(path)") }
            return status
        }
    }

    /// Whether the directory has a data file, whatever it is.
    var hasDataFile: Bool {
        get throws(StoreError) {
            var status = stat()
            if unsafe fstatat(descriptor, Self.dataFile, &status, AT_SYMLINK_NOFOLLOW) == 0 { return true }
            guard errno == ENOENT else { throw Self.inaccessible("look at \(path)/\(Self.dataFile)") }
            return false
        }
    }

    /// Removes what an interrupted creation has left.
    func removeUnfinishedFile() throws(StoreError) {
        guard unsafe unlinkat(descriptor, Self.unfinishedFile, 0) == 0 || errno == ENOENT else {
            throw Self.inaccessible("remove \(path)/\(Self.unfinishedFile)")
        }
    }

    /// Makes the unfinished file the data file, durably.
    func adoptUnfinishedFile() throws(StoreError) {
        guard unsafe renameat(descriptor, Self.unfinishedFile, descriptor, Self.dataFile) == 0, fsync(descriptor) == 0
        else { throw Self.inaccessible("create \(path)/\(Self.dataFile)") }
    }

    private static func create(_ path: String) throws(StoreError) {
        var paths = [path]
        while let slash = paths[0].dropLast().lastIndex(of: "/"), slash > path.startIndex {
            paths.insert(String(paths[0][..<slash]), at: 0)
        }
        for path in paths {
            guard unsafe mkdir(path, 0o700) == 0 else {
                guard errno == EEXIST || path != paths.last else {
                    throw inaccessible("create the directory \(path)")
                }
                continue
            }
            // Else a power failure could take the new directory, and every acknowledged write in it.
            try synchronize(parentOf: path)
        }
    }

    private static func synchronize(parentOf path: String) throws(StoreError) {
        let descriptor = unsafe open("\(path)/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw inaccessible("open the directory above \(path)") }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw inaccessible("write the directory above \(path) to disk") }
    }

    private static func inaccessible(_ step: String) -> StoreError {
        StoreError(.inaccessible, "\(step): \(LMDBCode(rawValue: errno))")
    }

    private static func close(_ descriptor: CInt) -> CInt {
        #if canImport(Darwin)
            Darwin.close(descriptor)
        #else
            Glibc.close(descriptor)
        #endif
    }
}
