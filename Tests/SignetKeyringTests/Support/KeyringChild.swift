import Foundation
import Glibc

/// A running `keyring-process`, the helper program that opens and changes a keyring.
final class KeyringChild {
    /// A fault to simulate, and the number of the file-changing system call at which the fault occurs.
    struct Fault {
        static let none = Fault(kind: 0, number: 0)
        static func kill(_ number: Int) -> Fault { Fault(kind: 1, number: number) }
        static func full(_ number: Int) -> Fault { Fault(kind: 2, number: number) }
        static func broken(_ number: Int) -> Fault { Fault(kind: 3, number: number) }

        let kind: Int
        let number: Int
    }

    /// The result of a process that has ended.
    struct End {
        /// The result of the change, as the process printed it; `nil` if the process was killed.
        let outcome: String?
        /// How many file-changing system calls the process made.
        let calls: Int
    }

    private let process = Process()
    private let output = Pipe()
    private let input = Pipe()

    /// Starts `keyring-process`, which makes `change` to the keyring in `directory`.
    /// - Parameter user: the system user that runs the process; `nil` for the user that runs the tests.
    init(
        _ change: String, _ directory: String, at seconds: Int64, _ fault: Fault = .none, _ argument: String = "",
        as user: uid_t? = nil
    ) throws {
        // Ignore SIGPIPE, because writing to a killed child process must not kill the tests.
        signal(SIGPIPE, SIG_IGN)
        let program = Bundle.main.bundleURL.appendingPathComponent("keyring-process")
        let arguments = [change, directory, "\(seconds)", "\(fault.kind)", "\(fault.number)", argument]
        if let user {
            process.executableURL = URL(filePath: "/usr/bin/setpriv")
            process.arguments =
                ["--reuid=\(user)", "--regid=\(user)", "--clear-groups", program.path] + arguments
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
        process.standardOutput = output
        process.standardInput = input
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        try process.run()
        // Kill the process after two minutes. A process that hangs must fail the test instead of stopping all tests.
        DispatchQueue.global().asyncAfter(deadline: .now() + 120) { [process] in
            if process.isRunning { _ = Glibc.kill(process.processIdentifier, SIGKILL) }
        }
    }

    func begin() throws { try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8)) }

    func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

    /// Waits until the process has ended.
    func end() -> End {
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        var lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        lines.removeAll { $0 == "open" }
        guard process.terminationReason == .exit, lines.count == 2 else { return End(outcome: nil, calls: 0) }
        return End(outcome: lines[0], calls: Int(lines[1]) ?? 0)
    }

    /// Starts `keyring-process` to make `change` to the keyring in `directory`, and waits until the process has ended.
    static func run(
        _ change: String, _ directory: String, at seconds: Int64, _ fault: Fault = .none, _ argument: String = "",
        as user: uid_t? = nil
    ) throws -> End {
        let child = try KeyringChild(change, directory, at: seconds, fault, argument, as: user)
        try? child.begin()
        return child.end()
    }
}
