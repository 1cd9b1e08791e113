import CLMDB
import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// LMDB's lock file.
///
/// LMDB sets the length of the lock file and maps it, but reserves no disk blocks. If the disk is full, the first use
/// of a mapped page without a block kills the process with SIGBUS, possibly in the middle of a read. So
/// ``reserve(in:readers:)`` reserves the blocks before LMDB opens the file.
enum LockFile {
    static let name = "lock.mdb"

    /// Upper bounds, in bytes: the part of LMDB's lock file before the reader slots is at most `headerSize` long, and
    /// each reader slot at most `slotSize`.
    private static let headerSize = 4096
    private static let slotSize = 64

    /// Reserves disk blocks for the lock file, without changing its length. Creates a missing lock file with mode 0600.
    ///
    /// Call it while the directory is locked, and before this process opens the LMDB environment. This function opens
    /// and closes the lock file. If this process already held LMDB's locks on the file, the system would release them.
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
                // Some file systems cannot reserve blocks. The store works on them too, but is not protected against
                // SIGBUS on a full disk.
                guard errno != EOPNOTSUPP else { break }
                throw LMDBCode(rawValue: errno).storeError(while: "reserve disk space for \(path)")
            }
        #endif
    }
}
