import Synchronization

/// One piece of work for the hashing threads: runs at most once, or is called off before it has started.
final class HashingJob: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, any Error>)
        case finished
    }

    private let state = Mutex(State.idle)
    private let work: @Sendable () -> Void

    init(work: @escaping @Sendable () -> Void) { self.work = work }

    /// Attaches who waits. Returns `false` when the job was called off before, and `continuation` has been resumed.
    func wait(with continuation: CheckedContinuation<Void, any Error>) -> Bool {
        let waits = state.withLock { state in
            guard case .idle = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !waits { continuation.resume(throwing: CancellationError()) }
        return waits
    }

    /// Does the work and resumes who waits; does nothing when the job was called off.
    func run() {
        guard let continuation = takeContinuation() else { return }
        work()
        continuation.resume()
    }

    /// Resumes who waits with `error`, unless the work has started.
    func callOff(_ error: any Error) {
        takeContinuation()?.resume(throwing: error)
    }

    private func takeContinuation() -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            defer { state = .finished }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
    }
}
