import SharedState

/// A replacement for `Task.sleep` in tests. A sleep ends when the test calls ``ring()``, or when its task is cancelled.
package final class Alarm: Sendable {
    private struct State {
        var durations: [Duration] = []
        var sleeping: [Int: CheckedContinuation<Void, any Error>] = [:]
        var waiter: CheckedContinuation<Void, any Error>?
    }

    private let state = Guarded(State())

    package init() {}

    /// The requested durations of all sleeps so far, in the order of the calls.
    package var durations: [Duration] { state.withLock { $0.durations } }

    /// The function to inject in place of `Task.sleep`.
    package var sleep: @Sendable (Duration) async throws -> Void {
        { duration in
            let number = self.state.withLock { state in
                state.durations.append(duration)
                return state.durations.count
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    self.begin(number, continuation)
                }
            } onCancel: {
                let continuation = self.state.withLock { $0.sleeping.removeValue(forKey: number) }
                continuation?.resume(throwing: CancellationError())
            }
        }
    }

    private func begin(_ number: Int, _ continuation: CheckedContinuation<Void, any Error>) {
        let (isCancelled, waiter) = state.withLock { state in
            if Task.isCancelled { return (true, CheckedContinuation<Void, any Error>?.none) }
            state.sleeping[number] = continuation
            return (false, state.waiter.take())
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        waiter?.resume()
    }

    /// Returns as soon as at least one sleep is running.
    /// - Throws: `CancellationError` if the test is cancelled first, for example by its time limit.
    package func sleeping() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if !state.sleeping.isEmpty { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiter = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiter.take() }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Ends every sleep that is running. If none is running, waits for one first.
    package func ring() async {
        try? await sleeping()
        let sleeping = state.withLock { state in
            defer { state.sleeping = [:] }
            return state.sleeping
        }
        for continuation in sleeping.values { continuation.resume() }
    }
}
