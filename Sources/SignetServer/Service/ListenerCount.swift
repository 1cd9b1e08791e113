import Synchronization

/// Counts the listeners that accept connections and says once when all of them do.
final class ListenerCount: Sendable {
    private let missing: Mutex<Int>
    private let onComplete: @Sendable () -> Void

    init(expected: Int, onComplete: @escaping @Sendable () -> Void) {
        missing = Mutex(expected)
        self.onComplete = onComplete
    }

    func add() {
        let isComplete = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isComplete { onComplete() }
    }
}
