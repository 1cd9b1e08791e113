import Glibc

/// Standard input as bytes.
enum StandardInput {
    /// Reads until the end or until `limit` bytes are there.
    static func read(upTo limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: limit - bytes.count) { buffer, count in
                count = unsafe Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            }
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        return bytes
    }
}
