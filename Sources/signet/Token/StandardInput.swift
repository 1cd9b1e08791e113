import Glibc

/// Standard input as bytes.
enum StandardInput {
    /// Why nothing can be read: it is closed, a directory, or broken.
    struct Unreadable: Error {}

    /// Reads until the end or until `limit` bytes are there.
    /// - Throws: ``Unreadable``.
    static func read(upTo limit: Int) throws(Unreadable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress?.advanced(by: filled), limit - filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Unreadable() }
            guard count > 0 else { break }
            filled += count
        }
        bytes.removeLast(limit - filled)
        return bytes
    }
}
