internal import COpenSSL
internal import Synchronization

/// A pool of prepared OpenSSL contexts for one key. Each context is lent to one caller at a time.
///
/// Taking or returning a context usually costs one atomic exchange and never waits. If all contexts are lent, a caller
/// creates another context. The pool keeps at most sixteen contexts.
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
        // Identifiers of different threads differ in some of their middle bits. The multiplication moves the difference
        // into the highest four bits, which are the index of one of the sixteen slots.
        Int(truncatingIfNeeded: UInt64(CRYPTO_THREAD_get_current_id()) &* 0x9E37_79B9_7F4A_7C15 >> 60)
    }
}

/// One slot of the context pool. The padding fills a whole cache line, so that threads that use different slots do not
/// contend for the same line.
@safe
private struct ContextPlace<Context: AnyObject & Sendable>: ~Copyable, Sendable {
    // The slot holds a retained reference to its context. `take()` passes this reference on to the caller.
    private let occupant = unsafe Atomic<Unmanaged<Context>?>(nil)
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)

    func take() -> Context? {
        // Check for an empty slot with a load first. Unlike an exchange, a load does not need the cache line
        // exclusively.
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
    // A mirror of its own is required. Swift's default mirror crashes, because the runtime cannot reflect an inline
    // array of a noncopyable type.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>(), displayStyle: .class) }
}
