import SignetStore
import Testing

extension StoreContract {
    private static let tokensEnd = Timestamp(seconds: 3_000)

    /// Adds a session (a family of refresh tokens) that has a status list entry.
    private static func add(
        to writer: any StoreWriter, userID: UserID = .random(), idleExpiresAt: Timestamp = Timestamp(seconds: 100_000)
    ) throws -> FamilyRecord {
        let family = FamilyRecord.make(
            userID: userID, expiresAt: Timestamp(seconds: 200_000), idleExpiresAt: idleExpiresAt,
            statusListEntry: StatusListEntry(index: try writer.allocateStatusListIndex(), tokensExpireAt: tokensEnd))
        try writer.insert(family)
        return family
    }

    /// The indices of all status list entries that say "revoked" at the time `now`, in all lists.
    private static func revokedIndices(in store: any LocalStore, at now: Timestamp = .init(seconds: 0)) throws -> Set<
        StatusListIndex
    > {
        try store.read { reader in
            var set: Set<StatusListIndex> = []
            for list in 0..<(try reader.statusListCount()) {
                let entries = try reader.revokedStatusListEntries(of: list, after: nil, limit: .max)
                set.formUnion(
                    entries.filter { now < $0.until }.map { StatusListIndex(list: list, offset: $0.offset) })
            }
            return set
        }
    }

    static var statusLists: [Clause] {
        [
            Clause("Allocated indices are distinct, and the first one creates the first list") { store async throws in
                #expect(try store.read { try $0.statusListCount() } == 0)
                let taken = try await store.write { writer in
                    try (0..<500).map { _ in try writer.allocateStatusListIndex() }
                }
                #expect(Set(taken).count == 500)
                #expect(taken.allSatisfy { $0.list == 0 })
                #expect(Set(taken.map { $0.offset >> 16 }).count > 1, "the indices are not spread over the list")
                #expect(try store.read { try $0.statusListCount() } == 1)
                #expect(try revokedIndices(in: store).isEmpty)
            },
            Clause("Revoking a family sets only its own entry, until its tokens are too old for every verifier") {
                store async throws in
                let (ended, other) = try await store.write { (try add(to: $0), try add(to: $0)) }
                try await store.write { try $0.update(ended.revoked(at: Timestamp(seconds: 1_500))) }
                let entry = try #require(ended.statusListEntry)
                #expect(try revokedIndices(in: store) == [entry.index])
                #expect(try revokedIndices(in: store, at: entry.revokedUntil - .milliseconds(1)) == [entry.index])
                #expect(try revokedIndices(in: store, at: entry.revokedUntil).isEmpty)
                #expect(entry.revokedUntil >= tokensEnd + StatusListEntry.longestLeeway)
                try await store.write { try $0.update(other.rotated(idleExpiresAt: Timestamp(seconds: 9_000))) }
                #expect(try revokedIndices(in: store) == [entry.index])
                // A sweep one millisecond before `reusableAt` must keep the status list entry. A sweep at `reusableAt`
                // must remove it.
                try await store.write { _ = try $0.sweep(at: entry.reusableAt - .milliseconds(1), limit: 10) }
                #expect(try revokedIndices(in: store) == [entry.index])
                try await store.write { _ = try $0.sweep(at: entry.reusableAt, limit: 10) }
                #expect(try revokedIndices(in: store).isEmpty)
            },
            Clause("Deleting a user sets the entries of all of the user's families") { store async throws in
                let user = UserRecord.make()
                let (families, other) = try await store.write { writer in
                    try writer.insert(user)
                    let mine = try (0..<3).map { _ in try add(to: writer, userID: user.id) }
                    return (mine, try add(to: writer))
                }
                try await store.write { _ = try $0.deleteUser(id: user.id) }
                #expect(try revokedIndices(in: store) == Set(families.compactMap { $0.statusListEntry?.index }))
                #expect(try store.read { try $0.family(id: other.id) } == other)
                let reusableAt = try #require(families.first?.statusListEntry?.reusableAt)
                try await store.write { _ = try $0.sweep(at: reusableAt, limit: 100) }
                #expect(try revokedIndices(in: store).isEmpty)
            },
            Clause("A session cutoff sets the entries of the families that it ends, and no others") {
                store async throws in
                var user = UserRecord.make()
                let first = user
                let (exempt, ended) = try await store.write { writer in
                    try writer.insert(first)
                    return (try add(to: writer, userID: first.id), try add(to: writer, userID: first.id))
                }
                user.endSessions(except: exempt.id, at: Timestamp(seconds: 1_600), because: .logout)
                let cut = user
                try await store.write { try $0.update(cut) }
                #expect(try revokedIndices(in: store) == Set([ended].compactMap { $0.statusListEntry?.index }))
                // The session cutoff has set the status list entry of `ended` to "revoked". An update that also marks
                // the record of `ended` as revoked must not change this entry. The sweep at `reusableAt` must still
                // remove the entry.
                try await store.write { try $0.update(ended.applyingCutoff(of: cut)) }
                #expect(try revokedIndices(in: store) == Set([ended].compactMap { $0.statusListEntry?.index }))
                let reusableAt = try #require(ended.statusListEntry?.reusableAt)
                try await store.write { _ = try $0.sweep(at: reusableAt, limit: 100) }
                #expect(try revokedIndices(in: store).isEmpty)
            },
            Clause("Sweeps set the entries that a cutoff of very many families has left, in batches") {
                store async throws in
                var user = UserRecord.make()
                let first = user
                let families = try await store.write { writer in
                    try writer.insert(first)
                    return try (0..<1_250).map { _ in try add(to: writer, userID: first.id) }
                }
                // End all sessions except the one with the highest id. Sweeps visit sessions in the order of their ids,
                // so they reach this session last.
                let exempt = try #require(families.max { $0.id < $1.id })
                user.endSessions(except: exempt.id, at: Timestamp(seconds: 1_600), because: .logout)
                let cut = user
                try await store.write { try $0.update(cut) }
                let wanted = Set(families.compactMap { $0.id == exempt.id ? nil : $0.statusListEntry?.index })
                var former = try revokedIndices(in: store)
                var sweeps = 0
                while try await store.write({ try $0.sweep(at: Timestamp(seconds: 0), limit: 7) }) == 7, sweeps < 1_000
                {
                    sweeps += 1
                    let now = try revokedIndices(in: store)
                    #expect(now.count <= former.count + 7)
                    former = now
                }
                #expect(try revokedIndices(in: store) == wanted)
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 0), limit: 7) } == 0)
                // Now end the session `exempt`, too, and delete the user before a sweep has set the status list entry
                // of `exempt`. The next sweep must not fail, and it must set the entry to "revoked".
                user.endSessions(at: Timestamp(seconds: 1_700), because: .logout)
                let last = user
                try await store.write { writer in
                    try writer.update(last)
                    _ = try writer.deleteUser(id: last.id)
                }
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 0), limit: 7) } < 7)
                #expect(
                    try revokedIndices(in: store) == wanted.union([exempt].compactMap { $0.statusListEntry?.index }))
            },
            Clause(
                "The entry of an expired family is never set, and that of a revoked family stays set after its removal"
            ) {
                store async throws in
                let end = Timestamp(seconds: 2_000)
                let (expired, ended) = try await store.write { writer in
                    (try add(to: writer, idleExpiresAt: end), try add(to: writer, idleExpiresAt: end))
                }
                try await store.write { try $0.update(ended.revoked(at: Timestamp(seconds: 1_500))) }
                try await store.write { _ = try $0.sweep(at: end, limit: 100) }
                #expect(try store.read { try $0.family(id: expired.id) } == nil)
                #expect(try revokedIndices(in: store) == Set([ended].compactMap { $0.statusListEntry?.index }))
            },
            Clause("The revoked entries of one list are listed in pages in ascending order") { store async throws in
                let families = try await store.write { writer in try (0..<25).map { _ in try add(to: writer) } }
                try await store.write { writer in
                    for family in families { try writer.update(family.revoked(at: Timestamp(seconds: 1))) }
                }
                try store.read { reader throws in
                    var paged: [RevokedStatusListEntry] = []
                    for _ in 0..<10 {
                        let page = try reader.revokedStatusListEntries(of: 0, after: paged.last?.offset, limit: 10)
                        paged += page
                        if page.count < 10 { break }
                    }
                    #expect(paged.map(\.offset) == families.compactMap { $0.statusListEntry?.index.offset }.sorted())
                    #expect(try reader.revokedStatusListEntries(of: 1, after: nil, limit: 10).isEmpty)
                    #expect(
                        try reader.revokedStatusListEntries(of: 0, after: StatusListIndex.entriesPerList - 1, limit: 10)
                            .isEmpty)
                }
            },
            Clause("A write that fails allocates no index") { store async throws in
                struct Failure: Error {}
                await #expect(throws: Failure.self) {
                    try await store.write { writer in
                        _ = try writer.allocateStatusListIndex()
                        throw Failure()
                    }
                }
                #expect(try store.read { try $0.statusListCount() } == 0)
            },
        ]
    }
}
