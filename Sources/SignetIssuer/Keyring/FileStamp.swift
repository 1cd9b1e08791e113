import Glibc

/// Tells one version of a file from the next: a file that is replaced by renaming gets another inode and other times.
struct FileStamp: Sendable, Hashable {
    private let inode: UInt64
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int

    init(_ status: stat) {
        inode = UInt64(status.st_ino)
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
        size = Int(status.st_size)
    }
}
