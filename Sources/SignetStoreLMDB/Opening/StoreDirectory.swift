import SignetStore
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The directory of a store, open and locked. The lock keeps out other processes that are opening the same store.
///
/// The lock is held until the object is released. It is needed only while the store is being opened; LMDB's own locks
/// protect an open store.
final class StoreDirectory {
    static let dataFile = "data.mdb"
    /// The name of a new data file until all of its content is written.
    static let unfinishedFile = "data.mdb.new"

    let path: String
    private let descriptor: CInt

    /// Opens and locks the directory `path`.
    /// - Parameter creating: true to create the directory and its missing parents, with mode 0700.
    /// - Throws: ``StoreError/Code/inaccessible`` if the directory cannot be opened, or if every user may write to it.
    init(path: String, creating: Bool = false) throws(StoreError) {
        self.path = path
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StoreError(.inaccessible, "the path of the store is empty or contains a zero byte")
        }
        if creating { try Self.create(path) }
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.inaccessible("open the directory \(path)") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Self.inaccessible("lock the directory \(path)") }
        }
        // If every user may write to the directory, any user could replace the store, or replace the lock file by a
        // link to another file.
        guard try status.st_mode & 0o002 == 0 else {
            throw StoreError(.inaccessible, "every user may write to \(path): run chmod 700 \(path)")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Identifies the directory, whichever path leads to it.
    var identity: DirectoryClaim.Identity {
        get throws(StoreError) {
            let status = try status
            return DirectoryClaim.Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        }
    }

    private var status: stat {
        get throws(StoreError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw Self.inaccessible("examine \(path)") }
            return status
        }
    }

    /// True if the directory has an entry with the name of the data file: a file, a directory or a link.
    var hasDataFile: Bool {
        get throws(StoreError) {
            var status = stat()
            if unsafe fstatat(descriptor, Self.dataFile, &status, AT_SYMLINK_NOFOLLOW) == 0 { return true }
            guard errno == ENOENT else { throw Self.inaccessible("examine \(path)/\(Self.dataFile)") }
            return false
        }
    }
}

// MARK: - Creation

extension StoreDirectory {
    private static func create(_ path: String) throws(StoreError) {
        for directory in directories(on: path) {
            // Ignore a failure to create a parent directory. If the parent is really missing, `mkdir` also fails for
            // the last directory, and that failure is thrown.
            guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST || directory != path else {
                throw inaccessible("create the directory \(path)")
            }
        }
    }

    /// Removes the unfinished data file that an interrupted creation has left.
    func removeUnfinishedFile() throws(StoreError) {
        guard unsafe unlinkat(descriptor, Self.unfinishedFile, 0) == 0 || errno == ENOENT else {
            throw Self.inaccessible("remove \(path)/\(Self.unfinishedFile)")
        }
    }

    /// Gives the complete data file its final name. Call ``synchronize()`` afterwards to make the name durable.
    func adoptUnfinishedFile() throws(StoreError) {
        guard unsafe renameat(descriptor, Self.unfinishedFile, descriptor, Self.dataFile) == 0 else {
            throw Self.inaccessible("create \(path)/\(Self.dataFile)")
        }
    }

    private static func inaccessible(_ step: String) -> StoreError {
        StoreError(.inaccessible, "\(step): \(LMDBCode(rawValue: errno))")
    }
}

// MARK: - Durability

extension StoreDirectory {
    /// Forces the directory's list of file names to disk.
    ///
    /// Without this call, a power failure could remove a newly created data file, with all writes that were already
    /// acknowledged.
    func synchronize() throws(StoreError) {
        guard fsync(descriptor) == 0 else { throw Self.inaccessible("force the directory \(path) to disk") }
    }

    /// Forces the name of every directory in `path` to disk, by an `fsync` of its parent directory.
    ///
    /// Without this call, a power failure could remove a new directory, with all writes that were already acknowledged.
    func synchronizeParents() throws(StoreError) {
        for path in Self.directories(on: path) {
            let parent = unsafe open("\(path)/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // This process has no permission to read the parent directory. Skip it: the process has probably created
            // nothing in it.
            if parent < 0, errno == EACCES { continue }
            guard parent >= 0 else { throw Self.inaccessible("open the directory above \(path)") }
            defer { close(parent) }
            guard fsync(parent) == 0 else { throw Self.inaccessible("force the directory above \(path) to disk") }
        }
    }

    /// The directories that `path` passes through, and `path` itself, in order. Example: `a`, `a/b` and `a/b/c` for
    /// `a/b/c`.
    private static func directories(on path: String) -> [String] {
        var paths = [path]
        while let slash = paths[0].dropLast().lastIndex(of: "/"), slash > path.startIndex {
            paths.insert(String(paths[0][..<slash]), at: 0)
        }
        return paths
    }
}

/// Ensures that this process opens a store's directory only once at a time.
///
/// LMDB's file locks belong to the whole process. If a process opens the same files twice and closes one of the two
/// environments, the system also releases the locks of the environment that is still open.
final class DirectoryClaim: Sendable {
    /// The device and inode of a directory.
    struct Identity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    private static let claimed = Mutex<Set<Identity>>([])
    private let identity: Identity

    /// Claims the directory for one store of this process, until ``release()``.
    /// - Throws: ``StoreError/Code/inaccessible`` if this process already has the directory's store open.
    init(_ identity: Identity, path: String) throws(StoreError) {
        let isFree = Self.claimed.withLock { $0.insert(identity).inserted }
        guard isFree else {
            throw StoreError(.inaccessible, "this process already has the store in \(path) open; close it first")
        }
        self.identity = identity
    }

    /// Allows this process to open the directory again. Call it once, after the LMDB environment was closed.
    func release() {
        _ = Self.claimed.withLock { $0.remove(identity) }
    }
}
