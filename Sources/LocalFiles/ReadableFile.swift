#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is open for reading, and closed when the value goes.
package struct ReadableFile: ~Copyable {
    /// Which kinds of file are opened.
    package enum Kind: Sendable {
        /// Regular files. A pipe or a device is refused, so opening and reading never wait.
        case regular
        /// Pipes and devices too. Opening and reading may wait.
        case any
    }

    private let path: String
    private let descriptor: Int32
    private let closes: Bool
    private let status: stat

    /// Opens the file at `path`.
    /// - Throws: `missing`, `notRegular`, `system`.
    package init(path: String, kind: Kind = .regular) throws(LocalFileError) {
        let flags = O_RDONLY | O_CLOEXEC | (kind == .regular ? O_NONBLOCK : 0)
        let descriptor = unsafe open(path, flags)
        guard descriptor >= 0 else { throw LocalFileError(.open, path) }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        guard isKnown, kind == .any || status.st_mode & S_IFMT == S_IFREG else {
            let error = isKnown ? LocalFileError(.notRegular, path: path) : LocalFileError(.open, path)
            close(descriptor)
            throw error
        }
        (self.path, self.descriptor, self.status, closes) = (path, descriptor, status, true)
    }

    private init(standardInput: Int32) {
        (path, descriptor, status, closes) = ("standard input", standardInput, stat(), false)
    }

    deinit { if closes { close(descriptor) } }

    /// Standard input, which is not closed and has no permissions or owner.
    package static var standardInput: ReadableFile { ReadableFile(standardInput: STDIN_FILENO) }

    /// The permission bits, such as 0o600, when the file was opened.
    package var permissions: UInt32 { UInt32(status.st_mode) & 0o7777 }

    /// The id of the user who owned the file when it was opened.
    package var owner: UInt32 { status.st_uid }

    /// Tells this state of the file from every later one.
    package var fingerprint: FileFingerprint { FileFingerprint(status) }

    /// Reads to the end.
    /// - Throws: `tooLarge` if there are more than `maximumBytes`, `system`.
    package func read(maximumBytes: Int) throws(LocalFileError) -> [UInt8] {
        let bytes = try read(upTo: maximumBytes + 1)
        guard bytes.count <= maximumBytes else {
            throw LocalFileError(.tooLarge(maximumBytes: maximumBytes), path: path)
        }
        return bytes
    }

    /// Reads to the end, or until there are `limit` bytes.
    /// - Throws: `system`.
    package func read(upTo limit: Int) throws(LocalFileError) -> [UInt8] {
        precondition(limit >= 0)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(65_536, limit))
        while bytes.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe readOnce(descriptor, into: $0) }
            guard count >= 0 else { throw LocalFileError(.read, path) }
            if count == 0 { break }
            bytes += chunk[..<min(count, limit - bytes.count)]
        }
        return bytes
    }
}
