internal import COpenSSL
internal import Synchronization

/// Prepared contexts of one key, lent to one caller at a time.
///
/// A caller takes the context at its thread's own place and puts it back, with one atomic exchange each: nobody waits,
/// no lock is held while a context is in use, and in steady state none is created. When more callers are at work than
/// there are contexts, the ones beyond create their own, of which as many are kept as there are places.
package final class ContextPool<Context: AnyObject & Sendable>: Sendable {
    private let places: [16 of ContextPlace<Context>]

    /// A pool with one context in it.
    package init(_ first: Context) {
        places = .init { _ in ContextPlace() }
        _ = places[0].put(first)
    }

    deinit {
        for index in places.indices { _ = places[index].take() }
    }

    /// A context that nobody else has until it is put back; `nil` when all are lent.
    package func take() -> Context? {
        let home = home
        for step in 0..<16 {
            if let context = places[(home &+ step) & 15].take() { return context }
        }
        return nil
    }

    /// Puts a context back for others to take; it is let go when there is no place for it.
    package func put(_ context: Context) {
        let home = home
        for step in 0..<16 where places[(home &+ step) & 15].put(context) { return }
    }

    /// The place at which the calling thread looks first.
    private var home: Int {
        // Thread identifiers differ in some bits in the middle; the product has their influence in its highest ones.
        Int(truncatingIfNeeded: UInt64(CRYPTO_THREAD_get_current_id()) &* 0x9E37_79B9_7F4A_7C15 >> 60)
    }
}

/// One place of a pool, on a cache line of its own so that threads do not slow each other down.
@safe
private struct ContextPlace<Context: AnyObject & Sendable>: ~Copyable, Sendable {
    // The place owns one reference to the context in it; whoever takes the context takes that reference over.
    private let occupant = unsafe Atomic<Unmanaged<Context>?>(nil)
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)

    func take() -> Context? {
        // Looking before exchanging leaves the cache line of an empty place where it is.
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
