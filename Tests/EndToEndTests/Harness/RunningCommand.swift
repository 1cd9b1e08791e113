import Foundation
import TestSupport

/// A running command with a standard input to write to and a standard output to read line by line.
final class RunningCommand {
    private let process = Process()
    private let input = Pipe()
    private var lines: AsyncStream<String>.Iterator

    /// Starts a command in the working directory of the service `issuer` and with its settings.
    /// - Parameter executable: the binary to run; by default `signet`.
    init(_ arguments: [String], of executable: URL = Repository.signet, beside issuer: RunningIssuer) throws {
        // Ignore SIGPIPE. Otherwise the signal ends the test run if a test writes to a command that has ended.
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

    /// Waits for the end of the command.
    /// - Returns: `true` if SIGKILL ended the command.
    func wasKilled() -> Bool {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }

    /// Returns the next line of standard output; `nil` once the command has ended. Terminates the command if it prints
    /// no line for two minutes.
    func line() async -> String? {
        let deadline = Deadline { [process] in process.terminate() }
        defer { deadline.cancel() }
        return await lines.next(isolation: nil)
    }
}
