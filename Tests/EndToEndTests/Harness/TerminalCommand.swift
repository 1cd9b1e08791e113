import Foundation
import TestSupport

/// A run of the `signet` binary in a pseudo-terminal. The test types the answers to its prompts.
struct TerminalCommand {
    let status: Int32
    /// Everything that the terminal showed, including typed text unless echo was off.
    let screen: String

    /// Runs `signet` with the settings and the working directory of `issuer`.
    /// - Parameter answers: the lines to type, in order. A line is typed when its prompt appears.
    static func run(
        _ arguments: [String], answers: [(prompt: String, line: String)], beside issuer: RunningIssuer
    ) async throws -> TerminalCommand {
        var terminal: Int32 = -1
        var commandSide: Int32 = -1
        guard unsafe openpty(&terminal, &commandSide, nil, nil, nil) == 0 else { throw NoTerminal() }
        for descriptor in [terminal, commandSide] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        let side = FileHandle(fileDescriptor: commandSide, closeOnDealloc: true)
        let process = Process()
        process.executableURL = Repository.signet
        process.arguments = arguments
        process.environment = issuer.settings
        process.currentDirectoryURL = issuer.directory.url
        process.standardInput = side
        process.standardOutput = side
        process.standardError = side
        let (exits, exit) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            exit.yield(process.terminationStatus)
            exit.finish()
        }
        let screenSide = terminal
        defer { close(screenSide) }
        try process.run()
        let deadline = Deadline { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        defer { deadline.cancel() }
        // The command has inherited its end of the pseudo-terminal. The test must close its own copy of that end.
        // Otherwise `read` does not return after the command has exited.
        try side.close()
        let screen = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: converse(screenSide, answers)) }
        }
        var status: Int32 = -1
        for await code in exits { status = code }
        return TerminalCommand(status: status, screen: screen)
    }

    struct NoTerminal: Error {}

    private static func converse(_ terminal: Int32, _ answers: [(prompt: String, line: String)]) -> String {
        var answers = answers[...]
        var screen = ""
        var unanswered = ""
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(terminal, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return screen }
            let text = String(decoding: chunk[..<count], as: UTF8.self)
            screen += text
            unanswered += text
            guard let (prompt, line) = answers.first, unanswered.contains(prompt) else { continue }
            unanswered = ""
            answers.removeFirst()
            let typed = Array((line + "\n").utf8)
            _ = unsafe write(terminal, typed, typed.count)
        }
    }
}
