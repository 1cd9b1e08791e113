import Synchronization

/// Suspends every task that calls ``pass()`` until a test calls ``open()``.
final class Gate: Sendable {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

    /// The number of waiting tasks.
    var count: Int { waiting.withLock { $0?.count ?? 0 } }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = waiting.withLock { waiting in
                waiting?.append(continuation)
                return waiting == nil
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let held = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for continuation in held { continuation.resume() }
    }
}
