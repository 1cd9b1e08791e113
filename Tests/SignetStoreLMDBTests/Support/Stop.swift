import Foundation
import Synchronization

/// A point in a closure where its thread waits until the test lets it continue.
final class Stop: Sendable {
    private let arrived = AsyncStream.makeStream(of: Void.self)
    private let lifted = DispatchSemaphore(value: 0)

    /// Blocks the thread until ``lift()``, for at most a minute.
    func meet() {
        arrived.continuation.yield()
        _ = lifted.wait(timeout: .now() + 60)
    }

    /// Returns when a thread waits in ``meet()``.
    func reached() async {
        for await _ in arrived.stream { return }
    }

    /// Lets the thread continue.
    func lift() { lifted.signal() }
}

/// A counter that any thread can increase.
final class Counter: Sendable {
    private let counted = Atomic(0)

    var value: Int { counted.load(ordering: .relaxed) }

    func count() { counted.add(1, ordering: .relaxed) }
}
