import CLMDB
import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// LMDB's lock file.
///
/// LMDB sets the length of the file and maps it, but reserves no disk blocks. On a full disk the process would be
/// killed by SIGBUS when it first uses a page of the map that has no block, possibly in the middle of a read. So the
/// blocks are reserved before LMDB opens the file.
enum LockFile {
    static let name = "lock.mdb"

    /// Bytes before the reader slots, and bytes of one slot. Upper bounds of the sizes that LMDB uses.
    private static let headerSize = 4096
    private static let slotSize = 64

    /// Reserves disk blocks for the lock file, and creates the file with mode 0600 if it is missing. LMDB sets its
    /// length.
    ///
    /// Call it while the directory is locked, and before this process opens the environment: closing a descriptor of
    /// the file releases LMDB's locks.
    /// - Parameter readers: the number of reader slots that LMDB will be told.
    /// - Throws: ``StoreError/Code/full`` or ``StoreError/Code/inaccessible``.
    static func reserve(in directory: String, readers: Int) throws(StoreError) {
        let path = "\(directory)/\(name)"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw LMDBCode(rawValue: errno).storeError(while: "open \(path)") }
        defer { close(descriptor) }
        #if !canImport(Darwin)
            while signet_reserve_blocks(descriptor, off_t(headerSize + readers * slotSize)) != 0 {
                if errno == EINTR { continue }
                // Some file systems cannot reserve blocks. The store works on them without this protection.
                guard errno != EOPNOTSUPP else { break }
                throw LMDBCode(rawValue: errno).storeError(while: "reserve disk space for \(path)")
            }
        #endif
    }
}
