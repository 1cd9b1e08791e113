#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A small file of mode 0600 that is replaced in one step: a crash leaves the old content or the new.
struct PrivateFile: Sendable {
    let path: String

    /// The whole content; `nil` without a file.
    ///
    /// - Throws: ``ClientError`` with `storageFailed` when it cannot be read, is no regular file, has more than
    ///   `maximumBytes`, or may be read or written by others.
    func read(maximumBytes: Int) throws(ClientError) -> [UInt8]? {
        // Not to block on a FIFO: it is refused below.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ClientError(.storageFailed, "\(path) is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw ClientError(.storageFailed, "others may read \(path): run chmod 600 on it")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe readSome(descriptor, $0) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("read")
            }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else {
                throw ClientError(.storageFailed, "\(path) has more than \(maximumBytes) bytes")
            }
        }
    }

    /// Replaces the content; durable when this returns. One writer at a time.
    ///
    /// - Throws: ``ClientError`` with `storageFailed`. The former content is still there then; or the new one is, where only
    ///   the directory could not be synced, and a crash of the machine may bring the former one back.
    func write(_ bytes: [UInt8]) throws(ClientError) {
        let draft = path + ".new"
        _ = unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create a file beside") }
        let isWritten = Self.writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        guard isWritten, unsafe rename(draft, path) == 0 else {
            if !isWritten { errno = reason }
            let failure = failure("write")
            _ = unsafe unlink(draft)
            throw failure
        }
        try syncDirectory()
    }

    /// Removes the file; none is no error.
    ///
    /// - Throws: ``ClientError`` with `storageFailed`. The file is still there then; or it is gone, where only the directory
    ///   could not be synced, and a crash of the machine may bring it back.
    func remove() throws(ClientError) {
        guard unsafe unlink(path) == 0 else {
            if errno == ENOENT { return }
            throw failure("remove")
        }
        try syncDirectory()
    }

    private func syncDirectory() throws(ClientError) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open the directory of") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync the directory of") }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe writeSome(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func failure(_ step: String) -> ClientError {
        ClientError(.storageFailed, "cannot \(step) \(path) (errno \(errno))")
    }
}

/// `read` and `write` by names that methods of the same name do not hide.
private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

private func writeSome(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, buffer.baseAddress, buffer.count)
}
