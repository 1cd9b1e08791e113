/// The outcome of one piece of work that any number of callers wait for. One that is cancelled comes back at once; the
/// work goes on for the others.
package final class SharedResult<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        /// Who waits, by a number of their own.
        var waiting: [UInt64: CheckedContinuation<Value?, Never>] = [:]
        var callerCount: UInt64 = 0
    }

    private let state = Guarded(State())

    /// An outcome that is not there yet.
    package init() {}

    /// How many callers wait at the moment.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// The outcome as soon as it is there; `nil` when the caller's task is cancelled before.
    package func value() async -> Value? {
        let number = state.withLock { state in
            state.callerCount += 1
            return state.callerCount
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isOver, value) = state.withLock { state in
                    guard state.value == nil, !Task.isCancelled else { return (true, state.value) }
                    state.waiting[number] = continuation
                    return (false, nil)
                }
                if isOver { continuation.resume(returning: value) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: number) }
            continuation?.resume(returning: nil)
        }
    }

    /// Gives the outcome to all who wait and to all who come later. What was settled first stays.
    package func settle(_ value: Value) {
        let woken = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value?, Never>]() }
            state.value = value
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in woken { continuation.resume(returning: value) }
    }
}
