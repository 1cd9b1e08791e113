import Foundation
import TestSupport

/// A command that runs until it is ended; it is told lines, and its standard output is read line by line.
final class RunningCommand {
    private let process = Process()
    private let input = Pipe()
    private var lines: AsyncStream<String>.Iterator

    /// - Parameter executable: `signet` unless said otherwise.
    init(_ arguments: [String], of executable: URL = Repository.signet, beside issuer: RunningIssuer) throws {
        // A command that died before it read its line must not take the tests with it.
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        lines = stream.makeAsyncIterator()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = issuer.settings
        process.currentDirectoryURL = issuer.directory.url
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let reader = pipe.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while case let chunk = reader.availableData, !chunk.isEmpty {
                rest.append(chunk)
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            continuation.finish()
        }
    }

    deinit { process.terminate() }

    func say(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8)) }

    /// Whether the command, which has ended, was killed.
    func wasKilled() -> Bool {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }

    /// The next line; `nil` when the command has ended.
    func line() async -> String? { await lines.next(isolation: nil) }
}
