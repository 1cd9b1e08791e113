import Foundation
import Synchronization

/// A running process whose standard error can be read line by line.
final class ChildProcess: Sendable {
    private struct State {
        var lines: [String] = []
        var hasEnded = false
        var waiters: [(id: UUID, marker: String, continuation: CheckedContinuation<Bool, Never>)] = []
        var status: Int32?
        var exitWaiters: [CheckedContinuation<Int32, Never>] = []
    }

    private let process = Process()
    private let state = Mutex(State())

    init(_ executable: URL, _ arguments: [String], environment: [String: String], directory: URL) throws {
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardError = pipe
        process.terminationHandler = { [weak self] process in self?.exited(process.terminationStatus) }
        try process.run()
        let reader = pipe.fileHandleForReading
        Thread.detachNewThread { [self] in
            var rest = Data()
            while true {
                let chunk = reader.availableData
                guard !chunk.isEmpty else { break }
                rest.append(chunk)
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    take(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[rest.index(after: end)...])
                }
            }
            end()
        }
    }

    var processIdentifier: Int32 { process.processIdentifier }

    /// The lines on standard error so far.
    var messages: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// Waits up to two minutes for a line that contains `marker`.
    /// - Returns: `true` if the line appeared; `false` if two minutes passed, the process ended or the task was
    ///   cancelled.
    func waitForLine(containing marker: String) async -> Bool {
        let id = UUID()
        let deadline = Deadline { [self] in forget(id) }
        defer { deadline.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.lines.contains(where: { $0.contains(marker) }) { return true }
                    if state.hasEnded { return false }
                    state.waiters.append((id, marker, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
                if Task.isCancelled { forget(id) }
            }
        } onCancel: {
            forget(id)
        }
    }

    private func forget(_ id: UUID) {
        let forgotten = state.withLock { state in
            let forgotten = state.waiters.filter { $0.id == id }
            state.waiters.removeAll { $0.id == id }
            return forgotten
        }
        for waiter in forgotten { waiter.continuation.resume(returning: false) }
    }

    /// Sends SIGTERM.
    func terminate() { process.terminate() }

    /// Sends SIGKILL.
    func killNow() { kill(process.processIdentifier, SIGKILL) }

    /// Waits until the process ends and returns the exit code. Kills the process after two minutes.
    @discardableResult
    func waitForExit() async -> Int32 {
        let deadline = Deadline { [self] in killNow() }
        defer { deadline.cancel() }
        return await withCheckedContinuation { continuation in
            let status: Int32? = state.withLock { state in
                if state.status == nil { state.exitWaiters.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func exited(_ status: Int32) {
        let waiters = state.withLock { state in
            state.status = status
            defer { state.exitWaiters = [] }
            return state.exitWaiters
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }

    private func take(_ line: String) {
        let reached = state.withLock { state in
            state.lines.append(line)
            let reached = state.waiters.filter { line.contains($0.marker) }
            state.waiters.removeAll { line.contains($0.marker) }
            return reached
        }
        for waiter in reached { waiter.continuation.resume(returning: true) }
    }

    private func end() {
        let left = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }
}

/// Runs an action after two minutes, unless ``cancel()`` is called before. Keeps a test from waiting for ever.
struct Deadline {
    private let task: Task<Void, any Error>

    init(_ action: @escaping @Sendable () -> Void) {
        task = Task.detached {
            try await Task.sleep(for: .seconds(120))
            action()
        }
    }

    func cancel() { task.cancel() }
}
