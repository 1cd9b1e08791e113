import CLMDB
import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// LMDB's lock file, with room on disk for all of it.
///
/// LMDB maps it and makes it as long as it needs, without asking for blocks: on a full disk the first touch of a page that
/// has none ends the process with SIGBUS, be it in the middle of a read.
enum LockFile {
    static let name = "lock.mdb"

    /// Bytes before the readers' slots, and of each slot: no less than LMDB takes.
    private static let headerSize = 4096
    private static let slotSize = 64

    /// Gives the file of the store in `directory` its blocks, and makes it (0600) if need be; its length is LMDB's to
    /// choose. While the directory is locked, and before this process has the environment open: closing a descriptor of
    /// the file drops LMDB's locks.
    /// - Parameter readers: as many slots as LMDB is told.
    /// - Throws: ``StoreError/Code/full``, or ``StoreError/Code/inaccessible``.
    static func reserve(in directory: String, readers: Int) throws(StoreError) {
        let path = "\(directory)/\(name)"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw LMDBCode(rawValue: errno).storeError(while: "open \(path)") }
        defer { _ = close(descriptor) }
        #if !canImport(Darwin)
            while signet_reserve_blocks(descriptor, off_t(headerSize + readers * slotSize)) != 0 {
                if errno == EINTR { continue }
                // A file system that cannot reserve blocks is used as it is.
                guard errno != EOPNOTSUPP else { break }
                throw LMDBCode(rawValue: errno).storeError(while: "make room for \(path)")
            }
        #endif
    }

    private static func close(_ descriptor: CInt) -> CInt {
        #if canImport(Darwin)
            Darwin.close(descriptor)
        #else
            Glibc.close(descriptor)
        #endif
    }
}
