import Foundation
import TestSupport

/// Runs the `signet` binary and collects its exit code and output.
struct SignetCommand {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// Standard output, parsed as a JSON object. Empty if the output is a JSON value of another type.
        var json: [String: Any] {
            get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:] }
        }
    }

    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], directory: URL
    ) async throws -> Result {
        let scratch = TemporaryDirectory()
        let files = ["in", "out", "err"].map { scratch.url.appending(path: $0) }
        try Data(input.utf8).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = Repository.signet
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        // Kill a command that still runs after two minutes, so that its test fails.
        let deadline = Deadline { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        defer { deadline.cancel() }
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Result(
            status: status,
            output: try String(contentsOf: files[1], encoding: .utf8),
            errors: try String(contentsOf: files[2], encoding: .utf8))
    }
}

/// Paths of the repository and of the binaries under test.
enum Repository {
    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The build directory. It contains the test bundle that is running and the binaries under test.
    static let products: URL = {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: executable).deletingLastPathComponent()
    }()

    /// The `signet` binary of this build.
    static let signet = products.appending(path: "signet")
}
