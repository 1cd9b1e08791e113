import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A store's data file, open for reading. This type does not read through LMDB, because LMDB uses a damaged file
/// without a check.
final class DataFile {
    private let path: String
    private let descriptor: CInt

    /// Opens the data file for reading.
    /// - Throws: ``StoreError/Code/inaccessible`` if `path` is not a regular file that can be read.
    init(path: String) throws(StoreError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("open") }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.inaccessible, "\(path) is not a regular file")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var byteCount: Int {
        get throws(StoreError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw failure("examine") }
            return Int(status.st_size)
        }
    }

    /// Checks that the file begins with two valid meta pages.
    /// - Throws: ``StoreError/Code/corrupt`` if a meta page is missing or damaged.
    func checkHeader() throws(StoreError) {
        _ = try metaPages()
    }

    /// Reads both meta pages, which LMDB keeps at the start of the file.
    /// - Throws: ``StoreError/Code/corrupt`` if a meta page is missing or damaged.
    func metaPages() throws(StoreError) -> [MetaPage] {
        let first = try MetaPage(read(MetaPage.byteCount, at: 0))
        return [first, try MetaPage(read(MetaPage.byteCount, at: UInt64(first.pageSize)))]
    }

    /// Reads `count` bytes, starting at `offset`. Returns fewer bytes if the file ends earlier.
    func read(_ count: Int, at offset: UInt64) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
            }
            if result < 0 && errno == EINTR { continue }
            guard result >= 0 else { throw failure("read") }
            guard result > 0 else { break }
            filled += result
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    private func failure(_ step: String) -> StoreError {
        LMDBCode(rawValue: errno).storeError(while: "\(step) \(path)")
    }
}
