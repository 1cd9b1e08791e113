internal import COpenSSL
internal import Synchronization

/// A pool of prepared OpenSSL contexts for one key. Each context is lent to one caller at a time.
///
/// Taking or returning a context usually costs one atomic exchange. Callers never wait for each other and hold no lock
/// while they use a context. If all contexts are lent, a caller creates another one. The pool keeps at most sixteen
/// contexts.
package final class ContextPool<Context: AnyObject & Sendable>: Sendable {
    private let places: [16 of ContextPlace<Context>]

    /// Creates a pool that contains one context.
    package init(_ first: Context) {
        places = .init { _ in ContextPlace() }
        _ = places[0].put(first)
    }

    deinit {
        for index in places.indices { _ = places[index].take() }
    }

    /// Takes a context out of the pool; returns `nil` if all contexts are lent. Return the context with ``put(_:)``.
    package func take() -> Context? {
        let home = home
        for step in 0..<16 {
            if let context = places[(home &+ step) & 15].take() { return context }
        }
        return nil
    }

    /// Returns a context to the pool. If all sixteen slots are full, the context is released.
    package func put(_ context: Context) {
        let home = home
        for step in 0..<16 where places[(home &+ step) & 15].put(context) { return }
    }

    /// The index of the pool slot that the calling thread tries first.
    private var home: Int {
        // Thread identifiers differ in some of their middle bits. The multiplication spreads these bits to the highest
        // four.
        Int(truncatingIfNeeded: UInt64(CRYPTO_THREAD_get_current_id()) &* 0x9E37_79B9_7F4A_7C15 >> 60)
    }
}

/// One slot of the context pool. The slot fills a whole cache line so that threads do not slow each other down.
@safe
private struct ContextPlace<Context: AnyObject & Sendable>: ~Copyable, Sendable {
    // The slot owns one reference to its context. Taking the context takes over that reference.
    private let occupant = unsafe Atomic<Unmanaged<Context>?>(nil)
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)

    func take() -> Context? {
        // If the slot is empty, a load is cheaper than an exchange, because it does not claim the cache line.
        guard unsafe occupant.load(ordering: .relaxed) != nil else { return nil }
        return unsafe occupant.exchange(nil, ordering: .acquiring)?.takeRetainedValue()
    }

    func put(_ context: Context) -> Bool {
        let reference = unsafe Unmanaged.passRetained(context)
        let (exchanged, _) = unsafe occupant.compareExchange(expected: nil, desired: reference, ordering: .releasing)
        if !exchanged { unsafe reference.release() }
        return exchanged
    }
}

extension ContextPool: CustomReflectable {
    // Swift's default mirror would crash, because the runtime cannot reflect an inline array of a noncopyable type.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class) }
}
