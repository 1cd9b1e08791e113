import SharedState

/// A sleep that ends when the test says so, or when its task is cancelled.
package final class Alarm: Sendable {
    private struct State {
        var durations: [Duration] = []
        var sleeping: [Int: CheckedContinuation<Void, any Error>] = [:]
        var isAwaited: CheckedContinuation<Void, Never>?
    }

    private let state = Guarded(State())

    package init() {}

    package var durations: [Duration] { state.withLock { $0.durations } }

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
        let (isCancelled, awaited) = state.withLock { state in
            if Task.isCancelled { return (true, CheckedContinuation<Void, Never>?.none) }
            state.sleeping[number] = continuation
            return (false, state.isAwaited.take())
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        awaited?.resume()
    }

    /// Ends every sleep; waits for the first one to begin.
    package func ring() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.sleeping.isEmpty { return true }
                state.isAwaited = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
        let sleeping = state.withLock { state in
            defer { state.sleeping = [:] }
            return state.sleeping
        }
        for continuation in sleeping.values { continuation.resume() }
    }
}
