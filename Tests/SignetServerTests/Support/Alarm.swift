import Synchronization

/// A sleep that ends when the test says so, or when its task is cancelled.
final class Alarm: Sendable {
    private struct State {
        var durations: [Duration] = []
        var sleeper: CheckedContinuation<Void, any Error>?
        var awaited: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// How long each sleep was to last, in order.
    var durations: [Duration] { state.withLock { $0.durations } }

    var sleep: @Sendable (Duration) async throws -> Void {
        { duration in
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let awaited = self.state.withLock { state in
                        state.durations.append(duration)
                        state.sleeper = continuation
                        return state.awaited.take()
                    }
                    awaited?.resume()
                    if Task.isCancelled { self.cancel() }
                }
            } onCancel: {
                self.cancel()
            }
        }
    }

    private func cancel() {
        let sleeper = state.withLock { $0.sleeper.take() }
        sleeper?.resume(throwing: CancellationError())
    }

    /// Waits until somebody sleeps.
    func sleeping() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.sleeper == nil else { return true }
                state.awaited = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Ends the sleep that ``sleeping()`` found.
    func ring() {
        let sleeper = state.withLock { $0.sleeper.take() }
        sleeper?.resume()
    }
}
