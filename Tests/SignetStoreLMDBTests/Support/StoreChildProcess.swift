import Foundation
import Glibc

/// A running `store-process`: its lines, its input and its end.
///
/// A process that runs longer than two minutes is killed, which ends every wait for it.
final class StoreChildProcess {
    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()
    private var unread = Data()

    /// Starts `store-process COMMAND DIRECTORY [NUMBER…]`.
    init(_ command: String, _ directory: String, _ numbers: Int...) throws {
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent("store-process")
        process.arguments = [command, directory] + numbers.map(String.init)
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        let process = UncheckedProcess(process: process)
        DispatchQueue.global().asyncAfter(deadline: .now() + 120) { process.kill() }
    }

    deinit { kill() }

    /// The next line that the process prints; `nil` after its end.
    func line() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                return line
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { return nil }
            unread.append(more)
        }
    }

    /// All lines until the end of the process.
    func rest() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines
    }

    /// Reads lines until the process prints `expected`.
    /// - Returns: false if the process ended before.
    func waits(for expected: String) -> Bool {
        while let line = line() { if line == expected { return true } }
        return false
    }

    /// Sends a line to the process.
    func say(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    func endInput() throws {
        try input.fileHandleForWriting.close()
    }

    /// Kills the process with SIGKILL.
    func kill() { UncheckedProcess(process: process).kill() }

    /// Waits for the end of the process.
    /// - Returns: the exit status; `nil` if a signal ended the process.
    @discardableResult
    func status() -> Int32? {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}

/// A process that any thread can kill.
private struct UncheckedProcess: @unchecked Sendable {
    // Unchecked: `isRunning` and `processIdentifier` may be read on any thread.
    let process: Process

    func kill() {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }
}
