import LocalFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A small regular file, read in one go.
struct PublicKeyFile: Sendable {
    let path: String

    struct Fault: Error {
        let reason: String
    }

    /// The bytes of the file, and its state when they were read.
    ///
    /// - Throws: ``Fault`` when it cannot be opened or read, is no regular file, or has more than `maximumBytes`.
    func read(maximumBytes: Int) throws(Fault) -> (bytes: [UInt8], fingerprint: FileFingerprint) {
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
            if count == 0 { return (bytes, FileFingerprint(status)) }
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
