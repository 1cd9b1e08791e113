import CLMDB
import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// LMDB's lock file.
///
/// LMDB sets the length of the file and maps it, but reserves no disk blocks. On a full disk, the first use of a mapped
/// page without a block would kill the process with SIGBUS. This could happen in the middle of a read. So the blocks
/// are reserved before LMDB opens the file.
enum LockFile {
    static let name = "lock.mdb"

    /// Upper bounds of sizes in LMDB's lock file, in bytes: of the part before the reader slots, and of one reader
    /// slot.
    private static let headerSize = 4096
    private static let slotSize = 64

    /// Reserves disk blocks for the lock file, without changing its length. Creates a missing lock file with mode 0600.
    ///
    /// Call it while the directory is locked, and before this process opens the LMDB environment. This function opens
    /// and closes the lock file. If LMDB already held locks on the file, closing it would release them.
    /// - Parameter readers: the number of reader slots that LMDB will create.
    /// - Throws: ``StoreError/Code/full`` if the disk is full; ``StoreError/Code/inaccessible`` if the lock file cannot
    ///   be opened or created; ``StoreError/Code/failure`` if the system fails in another way.
    static func reserve(in directory: String, readers: Int) throws(StoreError) {
        let path = "\(directory)/\(name)"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw LMDBCode(rawValue: errno).storeError(while: "open \(path)") }
        defer { close(descriptor) }
        #if !canImport(Darwin)
            while signet_reserve_blocks(descriptor, off_t(headerSize + readers * slotSize)) != 0 {
                if errno == EINTR { continue }
                // Some file systems cannot reserve blocks. On them, the store works without protection against SIGBUS
                // on a full disk.
                guard errno != EOPNOTSUPP else { break }
                throw LMDBCode(rawValue: errno).storeError(while: "reserve disk space for \(path)")
            }
        #endif
    }
}
