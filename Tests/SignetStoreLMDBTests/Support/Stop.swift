import Foundation
import Synchronization

/// Blocks a thread inside a closure until the test lets the thread continue.
final class Stop: Sendable {
    private let arrived = AsyncStream.makeStream(of: Void.self)
    private let lifted = DispatchSemaphore(value: 0)

    /// Blocks the calling thread until another thread calls ``lift()``, for at most a minute.
    func meet() {
        arrived.continuation.yield()
        _ = lifted.wait(timeout: .now() + 60)
    }

    /// Waits until a thread is blocked in ``meet()``.
    func reached() async {
        for await _ in arrived.stream { return }
    }

    /// Lets the thread that is blocked in ``meet()`` continue.
    func lift() { lifted.signal() }
}

/// A counter that any thread can increase.
final class Counter: Sendable {
    private let counted = Atomic(0)

    var value: Int { counted.load(ordering: .relaxed) }

    func count() { counted.add(1, ordering: .relaxed) }
}
