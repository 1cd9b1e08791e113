import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@testable import SignetIssuer

@Suite struct CutoffResumptionTests {
    private static let sessions = 1_300

    /// Inserts `user` with ``sessions`` sessions. Returns the indices of the sessions' status list entries.
    private func fill(_ store: any LocalStore, _ user: UserRecord) async throws -> Set<StatusListIndex> {
        try await store.write { writer in
            try writer.insert(user)
            var indices: Set<StatusListIndex> = []
            for _ in 0..<Self.sessions {
                var family = FamilyRecord.sample(of: user.id)
                let index = try writer.allocateStatusListIndex()
                family.statusListEntry = StatusListEntry(index: index, tokensExpireAt: WallClock.start + .seconds(900))
                try writer.insert(family)
                indices.insert(index)
            }
            return indices
        }
    }

    private func set(in store: any LocalStore) throws -> Set<StatusListIndex> {
        try store.read { reader in
            Set(
                try reader.revokedStatusListEntries(of: 0, after: nil, limit: .max)
                    .map { StatusListIndex(list: 0, offset: $0.offset) })
        }
    }

    @Test(arguments: [1, 2, 4])
    func `the sweeper sets the entries that a process left unset when it ended during a cutoff`(
        after writes: Int
    ) async throws {
        let directory = TemporaryDirectory()
        let now = WallClock.start + .seconds(60)
        let user = UserRecord(
            id: .random(), email: "ada@example.com", name: "Ada", passwordHash: "none", createdAt: WallClock.start,
            updatedAt: WallClock.start)
        let indices: Set<StatusListIndex>
        do {
            let store = try LMDBStore.open(path: directory.path)
            defer { store.close() }
            indices = try await fill(store, user)
            let failing = FailingStore(store: store)
            failing.limit = writes
            await expect(.storeUnavailable) {
                try await Administration(store: failing) { now }.revokeSessions(of: user.email)
            }
            let before = try set(in: store)
            #expect(before.count >= 1_000 && before.count < Self.sessions, "some entries are still unset")
        }
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        try await Sweeper(store: store).sweep(at: now)
        #expect(try set(in: store) == indices)
    }

    @Test func `after a completed cutoff the sweeper sets no entry`() async throws {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        let now = WallClock.start + .seconds(60)
        let user = UserRecord(
            id: .random(), email: "ada@example.com", name: "Ada", passwordHash: "none", createdAt: WallClock.start,
            updatedAt: WallClock.start)
        let indices = try await fill(store, user)
        #expect(try await Administration(store: store) { now }.revokeSessions(of: user.email) == Self.sessions)
        #expect(try set(in: store) == indices)
        // `sweep` returns the number of sessions that it checked. The first transaction of `revokeSessions` set 1000
        // status list entries and left the other 300 sessions to a sweep. Later transactions of `revokeSessions` set
        // the entries of these sessions, too. So the first sweep checks 300 sessions but changes nothing.
        #expect(try await Sweeper(store: store).sweep(at: now) == Self.sessions - 1_000)
        #expect(try await Sweeper(store: store).sweep(at: now) == 0)
        #expect(try set(in: store) == indices)
    }
}
