import MemoryStore
import SignetStore
import StoreContract
import Synchronization
import Testing

@Suite("The store in memory", .timeLimit(.minutes(2)))
struct MemoryStoreTests {
    @Test(arguments: StoreContract.clauses)
    func `The store holds to the clause`(clause: StoreContract.Clause) async throws {
        try await clause.verify(MemoryStore())
    }

    @Test func `A decision runs again if another node changes a record that it has loaded`() async throws {
        let store = MemoryStore()
        let family = FamilyRecord.make()
        try await store.write([.insertFamily(family)])
        store.changeBeforeCommit = { try $0.update(family.rotated(idleExpiresAt: family.idleExpiresAt)) }
        try await store.write(loading: StoreLookup(session: family.id)) { loaded in
            guard let current = loaded.session?.family else { return StoreDecision([]) }
            return StoreDecision([.updateFamily(current.rotated(idleExpiresAt: current.idleExpiresAt))])
        }
        #expect(store.repeatedDecisions == 1)
        #expect(try store.read { try $0.family(id: family.id) }?.generation == 2)
    }

    @Test func `A decision does not run again if another node changes a record that it has not loaded`() async throws {
        let store = MemoryStore()
        let family = FamilyRecord.make()
        try await store.write([.insertFamily(family)])
        store.changeBeforeCommit = { try $0.insert(UserRecord.make()) }
        try await store.write(loading: StoreLookup(session: family.id)) { _ in StoreDecision([]) }
        #expect(store.changeBeforeCommit == nil)
        #expect(store.repeatedDecisions == 0)
    }

    @Test func `A decision gets another index if another node takes the one that it has loaded`() async throws {
        let store = MemoryStore()
        let indices = Mutex<[StatusListIndex]>([])
        let lookup = StoreLookup(needsStatusListIndex: true)
        let taken = try await store.write(loading: lookup) { loaded in
            guard let index = loaded.statusListIndex else { return StoreDecision(StatusListIndex?.none) }
            indices.withLock { $0.append(index) }
            if indices.withLock({ $0.count }) == 1 {
                store.changeBeforeCommit = { try $0.takeStatusListIndex(index) }
            }
            return StoreDecision(index, [.takeStatusListIndex(index)])
        }
        #expect(store.repeatedDecisions == 1)
        #expect(indices.withLock { $0.count } == 2)
        #expect(indices.withLock { $0.last } == taken)
    }

    @Test func `A closed store refuses everything`() async throws {
        let store = MemoryStore()
        store.close()
        #expect(throws: StoreError(.closed, "")) { try store.loadAtHand(StoreLookup()) }
        await #expect(throws: StoreError(.closed, "")) { try await store.load(StoreLookup()) }
        await #expect(throws: StoreError(.closed, "")) { try await store.write([]) }
    }
}
