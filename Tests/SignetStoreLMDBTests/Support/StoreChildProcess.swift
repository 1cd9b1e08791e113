import Foundation
import Glibc

/// A running child process `store-process`. Tests read its output lines, send it input lines and wait for its end.
///
/// A child process that runs longer than two minutes is killed, so that no test waits for ever.
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

    /// Reads the next line that the process prints. Returns `nil` if the process has ended.
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

    /// Reads all lines that the process prints until its end.
    func rest() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines
    }

    /// Reads lines until the process prints the line `expected`.
    /// - Returns: true if the line came; false if the process ended before.
    func waits(for expected: String) -> Bool {
        while let line = line() { if line == expected { return true } }
        return false
    }

    /// Sends a line to the standard input of the process.
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
    // `@unchecked Sendable` is safe: only `isRunning` and `processIdentifier` are used, which any thread may read.
    let process: Process

    func kill() {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }
}
