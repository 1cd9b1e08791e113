import Glibc

/// The beginning of a file, or of standard input, as bytes.
enum BoundedFile {
    /// Why nothing can be read: it is absent, closed, a directory, or broken.
    struct Unreadable: Error {
        /// As the end of a sentence that begins with the name of the file.
        let reason: String

        static var systemError: Self { Self(reason: "cannot be read: \(unsafe String(cString: strerror(errno)))") }
    }

    /// Reads a file until its end or until `limit` bytes are there.
    /// - Throws: ``Unreadable``.
    static func read(_ path: String, upTo limit: Int) throws(Unreadable) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .systemError }
        defer { close(descriptor) }
        return try read(descriptor, upTo: limit)
    }

    /// As ``read(_:upTo:)``, for what is no pipe or device: those would have it wait.
    /// - Throws: ``Unreadable``.
    static func readRegular(_ path: String, upTo limit: Int) throws(Unreadable) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .systemError }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Unreadable(reason: "is no regular file")
        }
        return try read(descriptor, upTo: limit)
    }

    /// Reads standard input until its end or until `limit` bytes are there.
    /// - Throws: ``Unreadable``.
    static func readStandardInput(upTo limit: Int) throws(Unreadable) -> [UInt8] {
        try read(STDIN_FILENO, upTo: limit)
    }

    private static func read(_ descriptor: Int32, upTo limit: Int) throws(Unreadable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), limit - filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .systemError }
            guard count > 0 else { break }
            filled += count
        }
        bytes.removeLast(limit - filled)
        return bytes
    }
}
