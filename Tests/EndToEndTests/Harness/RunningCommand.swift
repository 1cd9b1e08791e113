import Foundation

/// A `signet` command that runs until it is ended; its standard output is read line by line.
final class RunningCommand {
    private let process = Process()
    private var lines: AsyncStream<String>.Iterator

    init(_ arguments: [String], beside issuer: RunningIssuer) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        lines = stream.makeAsyncIterator()
        process.executableURL = Repository.signet
        process.arguments = arguments
        process.environment = issuer.settings
        process.currentDirectoryURL = issuer.directory.url
        process.standardInput = FileHandle.nullDevice
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

    /// The next line; `nil` when the command has ended.
    func line() async -> String? { await lines.next(isolation: nil) }
}
