import RSAVerification
import Synchronization
import Testing

@Suite("A pool of contexts")
struct ContextPoolTests {
    /// A context for the pool under test. `living` counts the instances that exist. `isInUse` shows whether a caller is
    /// using this instance.
    private final class Context: Sendable {
        let living: Counter
        let isInUse = Atomic<Bool>(false)

        init(_ living: Counter) {
            self.living = living
            living.value.add(1, ordering: .relaxed)
        }

        deinit { living.value.subtract(1, ordering: .relaxed) }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
        var current: Int { value.load(ordering: .relaxed) }
    }

    @Test func `lends each context again only after its return`() {
        let living = Counter()
        let first = Context(living)
        let pool = ContextPool(first)
        #expect(pool.take() === first)
        #expect(pool.take() == nil)
        let second = Context(living)
        pool.put(first)
        pool.put(second)
        let taken = [pool.take(), pool.take(), pool.take()]
        #expect(taken.contains { $0 === first })
        #expect(taken.contains { $0 === second })
        #expect(taken.count { $0 == nil } == 1)
    }

    @Test func `keeps at most sixteen contexts and releases all when it is released`() {
        let living = Counter()
        do {
            let pool = ContextPool(Context(living))
            for _ in 0..<40 { pool.put(Context(living)) }
            #expect(living.current == 16)
        }
        #expect(living.current == 0)
    }

    @Test func `never lends a context to two callers at the same time`() async {
        let living = Counter()
        let collisions = Counter()
        do {
            let pool = ContextPool(Context(living))
            await withTaskGroup { group in
                for _ in 0..<24 {
                    group.addTask { @concurrent in
                        for _ in 0..<2000 {
                            let context = pool.take() ?? Context(living)
                            if context.isInUse.exchange(true, ordering: .acquiring) {
                                collisions.value.add(1, ordering: .relaxed)
                            }
                            context.isInUse.store(false, ordering: .releasing)
                            pool.put(context)
                        }
                    }
                }
            }
        }
        #expect(collisions.current == 0)
        #expect(living.current == 0)
    }
}
