import JOSE

/// The token on standard input.
enum TokenInput {
    /// Reads all of standard input and drops one trailing newline, LF or CRLF.
    ///
    /// Reads one byte more than a token may have and no further, so that an endless input ends.
    /// - Throws: ``Failure`` with `exitCode` when there is nothing, or nothing readable.
    static func read(exitCode: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let most = CompactJWS.maximumCount + 3
        do {
            bytes = try BoundedFile.readStandardInput(upTo: most)
        } catch {
            throw Failure("standard input cannot be read", exitCode: exitCode)
        }
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw Failure("expected a token on standard input", exitCode: exitCode) }
        return bytes
    }
}
