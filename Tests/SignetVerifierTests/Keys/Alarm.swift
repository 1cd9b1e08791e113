import SignetVerifier

/// A sleep that ends when the test says so.
final class Alarm: Sendable {
    private struct State {
        var durations: [Duration] = []
        var sleeping: [CheckedContinuation<Void, Never>] = []
        var isAwaited: CheckedContinuation<Void, Never>?
    }

    private let state = Guarded(State())

    var durations: [Duration] { state.withLock { $0.durations } }

    var sleep: @Sendable (Duration) async throws -> Void {
        { duration in
            await withCheckedContinuation { continuation in
                let awaited = self.state.withLock { state in
                    state.durations.append(duration)
                    state.sleeping.append(continuation)
                    return state.isAwaited.take()
                }
                awaited?.resume()
            }
        }
    }

    /// Ends every sleep; waits for the first one to begin.
    func ring() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.sleeping.isEmpty { return true }
                state.isAwaited = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
        let sleeping = state.withLock { state in
            defer { state.sleeping = [] }
            return state.sleeping
        }
        for continuation in sleeping { continuation.resume() }
    }
}
