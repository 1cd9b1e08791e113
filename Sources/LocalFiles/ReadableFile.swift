#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is open for reading. The file is closed when the value goes out of scope.
package struct ReadableFile: ~Copyable {
    /// The kinds of file that ``ReadableFile`` opens.
    package enum Kind: Sendable {
        /// Regular files. A pipe or a device is refused, so opening and reading never wait.
        case regular
        /// Regular files, pipes and devices. Opening and reading a pipe or a device may wait.
        case any
    }

    private let path: String
    private let descriptor: Int32
    private let closes: Bool
    private let status: stat

    /// Opens the file at `path`.
    /// - Throws: `missing` if there is no such file; `notRegular` if `kind` does not allow this file; `system` if the
    ///   file cannot be opened.
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

    /// Standard input. It is not closed when the value goes out of scope, and it has no permissions and no owner.
    package static var standardInput: ReadableFile { ReadableFile(standardInput: STDIN_FILENO) }

    /// The permission bits of the file when it was opened, for example 0o600.
    package var permissions: UInt32 { UInt32(status.st_mode) & 0o7777 }

    /// The user ID of the file's owner when the file was opened.
    package var owner: UInt32 { status.st_uid }

    /// The fingerprint of the file when it was opened. If a later fingerprint of the path differs from it, the file was
    /// changed or replaced.
    package var fingerprint: FileFingerprint { FileFingerprint(status) }

    /// Reads the file to its end.
    /// - Throws: `tooLarge` if the file has more than `maximumBytes`; `system` if reading fails.
    package func read(maximumBytes: Int) throws(LocalFileError) -> [UInt8] {
        let bytes = try read(upTo: maximumBytes + 1)
        guard bytes.count <= maximumBytes else {
            throw LocalFileError(.tooLarge(maximumBytes: maximumBytes), path: path)
        }
        return bytes
    }

    /// Reads the file to its end, but at most `limit` bytes.
    /// - Throws: `system` if reading fails.
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
