/// A result for which any number of callers can wait. If a waiting caller is cancelled, its wait ends at once. The work
/// that produces the result continues for the other callers.
package final class SharedResult<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        /// The continuations of the waiting callers. The key is a number that identifies one call.
        var waiting: [UInt64: CheckedContinuation<Value?, Never>] = [:]
        var callerCount: UInt64 = 0
    }

    private let state = Guarded(State())

    /// Creates a result that has no value yet. Set the value with ``settle(_:)``.
    package init() {}

    /// The number of callers that are waiting.
    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for the result. Returns `nil` if the caller's task is cancelled first.
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

    /// Sets the result for all current and future callers. Calls after the first have no effect.
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
