import Foundation
import SharedState

/// An HTTPS server on a port of 127.0.0.1, run by `openssl s_server`. It answers `GET /NAME` with the bytes of the file
/// NAME, which holds the whole response: status line, header fields and body.
package final class HTTPSFileServer: Sendable {
    private let process: Process
    private let files: TemporaryDirectory
    package let port: Int

    /// Starts the server and waits until it listens.
    /// - Parameters:
    ///   - identity: the server's certificate and key.
    ///   - options: further options of `openssl s_server`, for example `-tls1_2`.
    package static func start(
        _ identity: TestAuthority.Identity, options: [String] = []
    ) async throws -> HTTPSFileServer {
        let files = TemporaryDirectory()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-cert", identity.certificate, "-key", identity.key, "-HTTP"]
            + options
        process.currentDirectoryURL = files.url
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = Guarded("")
        let port: Int? = await withCheckedContinuation { continuation in
            let waiting = Guarded<CheckedContinuation<Int?, Never>?>(continuation)
            // Read the server's output to its end, because a full pipe would block the server.
            output.fileHandleForReading.readabilityHandler = { file in
                let bytes = file.availableData
                if bytes.isEmpty {
                    file.readabilityHandler = nil
                    waiting.withLock { $0.take() }?.resume(returning: nil)
                    return
                }
                let port = text.withLock { text in
                    text += String(decoding: bytes, as: UTF8.self)
                    return Self.port(in: text)
                }
                if let port { waiting.withLock { $0.take() }?.resume(returning: port) }
            }
        }
        guard let port else { throw NotListening(output: text.withLock { $0 }) }
        return HTTPSFileServer(process, files, port: port)
    }

    /// Finds the port in the output of the server, which prints a line such as `ACCEPT 127.0.0.1:40123`.
    private static func port(in output: String) -> Int? {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.first { $0.hasPrefix("ACCEPT") }?.split(separator: ":").last.flatMap { Int($0) }
    }

    private init(_ process: Process, _ files: TemporaryDirectory, port: Int) {
        self.process = process
        self.files = files
        self.port = port
    }

    // Use SIGKILL: if the test run ignores SIGTERM, the server inherits this and ignores SIGTERM, too.
    deinit { kill(process.processIdentifier, SIGKILL) }

    /// Answers requests for `path` from now on with `response`: status line, header fields, an empty line and the body.
    package func answer(_ path: String, with response: [UInt8]) throws {
        let file = files.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(response).write(to: file)
    }

    /// Answers requests for `path` from now on with the status 200 and `body`.
    package func answer(_ path: String, withBody body: [UInt8]) throws {
        try answer(path, with: Array("HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n".utf8) + body)
    }

    /// The error for a server that ended before it listened.
    package struct NotListening: Error {
        package let output: String
    }
}
