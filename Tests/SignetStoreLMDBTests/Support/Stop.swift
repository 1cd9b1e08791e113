import Foundation

/// A point where a thread waits until the test lets it go on.
final class Stop: Sendable {
    private let arrived = AsyncStream.makeStream(of: Void.self)
    private let lifted = DispatchSemaphore(value: 0)

    /// Waits at the stop, on a thread that may block.
    func meet() {
        arrived.continuation.yield()
        lifted.wait()
    }

    /// Returns once a thread waits at the stop.
    func reached() async {
        for await _ in arrived.stream { return }
    }

    /// Lets the thread go on.
    func lift() { lifted.signal() }
}
