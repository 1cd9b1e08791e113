import Foundation
import Glibc

/// A running `store-process`: its lines, its input, its end.
final class ChildProcess {
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
    }

    /// The next line that the process prints; `nil` once it has ended.
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

    /// All lines that are left.
    func rest() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines
    }

    /// Reads on until the process prints `expected`. Returns whether it did.
    func waits(for expected: String) -> Bool {
        while let line = line() { if line == expected { return true } }
        return false
    }

    func say(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    func endInput() throws {
        try input.fileHandleForWriting.close()
    }

    /// Ends the process on the spot.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
    }

    /// Waits for the end. Returns the exit status; `nil` when a signal ended it.
    @discardableResult
    func status() -> Int32? {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}
