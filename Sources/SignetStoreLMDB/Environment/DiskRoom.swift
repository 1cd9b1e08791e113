#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Checks whether a file has room to grow.
enum DiskRoom {
    /// The free bytes that one commit needs. A disk with fewer free bytes counts as full.
    private static let least: UInt64 = 64 << 10

    /// Returns false if the file system has less than 64 KiB free, or the file is within 64 KiB of the process's file
    /// size limit (`RLIMIT_FSIZE`). Returns true if the system does not report these numbers.
    static func isLeft(for descriptor: CInt) -> Bool {
        var volume = statvfs()
        var file = stat()
        var limit = rlimit()
        #if canImport(Darwin)
            let kind = RLIMIT_FSIZE
        #else
            let kind = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #endif
        guard unsafe fstatvfs(descriptor, &volume) == 0, unsafe fstat(descriptor, &file) == 0,
            unsafe getrlimit(kind, &limit) == 0
        else { return true }
        let blocks = UInt64(volume.f_bavail) * UInt64(volume.f_frsize)
        let size = UInt64(file.st_size)
        return blocks >= least && UInt64(limit.rlim_cur) >= size && UInt64(limit.rlim_cur) - size >= least
    }
}
