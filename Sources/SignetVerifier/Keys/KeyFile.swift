#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A small regular file, read in one go.
struct KeyFile: Sendable {
    let path: String

    /// What tells one state of a file from the next: any write and any replacement changes it.
    struct Fingerprint: Sendable, Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let modifiedSeconds: Int64
        let modifiedNanoseconds: Int64
        let changedSeconds: Int64
        let changedNanoseconds: Int64
    }

    struct Fault: Error {
        let reason: String
    }

    /// The state of the file now; `nil` when it cannot be looked at.
    func fingerprint() -> Fingerprint? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Fingerprint(status)
    }

    /// The bytes of the file, and its state when they were read.
    ///
    /// - Throws: ``Fault`` when it cannot be opened or read, is no regular file, or has more than `maximumBytes`.
    func read(maximumBytes: Int) throws(Fault) -> (bytes: [UInt8], fingerprint: Fingerprint) {
        // Not to block on a FIFO: it is refused below.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Fault(reason: "cannot be opened (errno \(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(reason: "is not a regular file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Self.readSome(descriptor, into: $0) }
            guard count >= 0 else { throw Fault(reason: "cannot be read (errno \(errno))") }
            if count == 0 { return (bytes, Fingerprint(status)) }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw Fault(reason: "has more than \(maximumBytes) bytes") }
        }
    }

    private static func readSome(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = unsafe readBytes(descriptor, buffer)
            if count >= 0 || errno != EINTR { return count }
        }
    }
}

/// `read` by a name that a method of the same name does not hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

extension KeyFile.Fingerprint {
    fileprivate init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        modifiedSeconds = Int64(modified.tv_sec)
        modifiedNanoseconds = Int64(modified.tv_nsec)
        changedSeconds = Int64(changed.tv_sec)
        changedNanoseconds = Int64(changed.tv_nsec)
    }
}
