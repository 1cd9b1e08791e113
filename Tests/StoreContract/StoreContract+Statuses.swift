import SignetStore
import Testing

extension StoreContract {
    private static let tokensEnd = Timestamp(seconds: 3_000)

    /// Adds a family with an entry of its own.
    private static func add(
        to writer: any StoreWriter, userID: UserID = .random(), idleExpiresAt: Timestamp = Timestamp(seconds: 100_000)
    ) throws -> FamilyRecord {
        let family = FamilyRecord.make(
            userID: userID, expiresAt: Timestamp(seconds: 200_000), idleExpiresAt: idleExpiresAt,
            statusListEntry: StatusListEntry(index: try writer.allocateStatusListIndex(), tokensExpireAt: tokensEnd))
        try writer.insert(family)
        return family
    }

    /// The indices that are set at `now`.
    private static func set(in store: any Store, at now: Timestamp = .init(seconds: 0)) throws -> Set<StatusListIndex> {
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

    static var statuses: [Clause] {
        [
            Clause("No index is taken twice, and the first one begins the first list") { store async throws in
                #expect(try store.read { try $0.statusListCount() } == 0)
                let taken = try await store.write { writer in
                    try (0..<500).map { _ in try writer.allocateStatusListIndex() }
                }
                #expect(Set(taken).count == 500)
                #expect(taken.allSatisfy { $0.list == 0 })
                #expect(Set(taken.map { $0.offset >> 16 }).count > 1, "indices are all over the list")
                #expect(try store.read { try $0.statusListCount() } == 1)
                #expect(try set(in: store).isEmpty)
            },
            Clause("Revoking a family sets its entry, until nobody accepts its tokens, and no other") {
                store async throws in
                let (ended, other) = try await store.write { (try add(to: $0), try add(to: $0)) }
                try await store.write { try $0.update(ended.revoked(at: Timestamp(seconds: 1_500))) }
                let place = try #require(ended.statusListEntry)
                #expect(try set(in: store) == [place.index])
                #expect(try set(in: store, at: place.revokedUntil - .milliseconds(1)) == [place.index])
                #expect(try set(in: store, at: place.revokedUntil).isEmpty)
                #expect(place.revokedUntil >= tokensEnd + StatusListEntry.longestLeeway)
                try await store.write { try $0.update(other.rotated(idleExpiresAt: Timestamp(seconds: 9_000))) }
                #expect(try set(in: store) == [place.index])
                // Beyond its release the row is gone; before, the sweep leaves it.
                try await store.write { _ = try $0.sweep(at: place.reusableAt - .milliseconds(1), limit: 10) }
                #expect(try set(in: store) == [place.index])
                try await store.write { _ = try $0.sweep(at: place.reusableAt, limit: 10) }
                #expect(try set(in: store).isEmpty)
            },
            Clause("Removing a user sets the entries of all families") { store async throws in
                let user = UserRecord.make()
                let (families, other) = try await store.write { writer in
                    try writer.insert(user)
                    let mine = try (0..<3).map { _ in try add(to: writer, userID: user.id) }
                    return (mine, try add(to: writer))
                }
                try await store.write { _ = try $0.deleteUser(id: user.id) }
                #expect(try set(in: store) == Set(families.compactMap { $0.statusListEntry?.index }))
                #expect(try store.read { try $0.family(id: other.id) } == other)
                let reusableAt = try #require(families.first?.statusListEntry?.reusableAt)
                try await store.write { _ = try $0.sweep(at: reusableAt, limit: 100) }
                #expect(try set(in: store).isEmpty)
            },
            Clause("A user's cutoff sets the entries of the families that it ends, and of no other") {
                store async throws in
                var user = UserRecord.make()
                let first = user
                let (kept, ended) = try await store.write { writer in
                    try writer.insert(first)
                    return (try add(to: writer, userID: first.id), try add(to: writer, userID: first.id))
                }
                user.endSessions(except: kept.id, at: Timestamp(seconds: 1_600), because: .logout)
                let cut = user
                try await store.write { try $0.update(cut) }
                #expect(try set(in: store) == Set([ended].compactMap { $0.statusListEntry?.index }))
                // Its record says so later; the entry stays what it is, and goes when that may be.
                try await store.write { try $0.update(ended.applyingCutoff(of: cut)) }
                #expect(try set(in: store) == Set([ended].compactMap { $0.statusListEntry?.index }))
                let reusableAt = try #require(ended.statusListEntry?.reusableAt)
                try await store.write { _ = try $0.sweep(at: reusableAt, limit: 100) }
                #expect(try set(in: store).isEmpty)
            },
            Clause("What a cutoff of very many families leaves to be set, sweeps set a little at a time") {
                store async throws in
                var user = UserRecord.make()
                let first = user
                let families = try await store.write { writer in
                    try writer.insert(first)
                    return try (0..<1_250).map { _ in try add(to: writer, userID: first.id) }
                }
                // The one that is kept is among the last.
                let kept = try #require(families.max { $0.id < $1.id })
                user.endSessions(except: kept.id, at: Timestamp(seconds: 1_600), because: .logout)
                let cut = user
                try await store.write { try $0.update(cut) }
                let wanted = Set(families.compactMap { $0.id == kept.id ? nil : $0.statusListEntry?.index })
                var former = try set(in: store)
                while try await store.write({ try $0.sweep(at: Timestamp(seconds: 0), limit: 7) }) == 7 {
                    let now = try set(in: store)
                    #expect(now.count <= former.count + 7)
                    former = now
                }
                #expect(try set(in: store) == wanted)
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 0), limit: 7) } == 0)
                // Nothing of it is in the way when the user goes in the middle.
                user.endSessions(at: Timestamp(seconds: 1_700), because: .logout)
                let last = user
                try await store.write { writer in
                    try writer.update(last)
                    _ = try writer.deleteUser(id: last.id)
                }
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 0), limit: 7) } < 7)
                #expect(try set(in: store) == wanted.union([kept].compactMap { $0.statusListEntry?.index }))
            },
            Clause("A family that goes at its end was never set, and a revoked one stays set when it goes") {
                store async throws in
                let end = Timestamp(seconds: 2_000)
                let (expired, revoked) = try await store.write { writer in
                    (try add(to: writer, idleExpiresAt: end), try add(to: writer, idleExpiresAt: end))
                }
                try await store.write { try $0.update(revoked.revoked(at: Timestamp(seconds: 1_500))) }
                try await store.write { _ = try $0.sweep(at: end, limit: 100) }
                #expect(try store.read { try $0.family(id: expired.id) } == nil)
                #expect(try set(in: store) == Set([revoked].compactMap { $0.statusListEntry?.index }))
            },
            Clause("Entries that are set are paged in ascending order, of one list") { store async throws in
                let families = try await store.write { writer in try (0..<25).map { _ in try add(to: writer) } }
                try await store.write { writer in
                    for family in families { try writer.update(family.revoked(at: Timestamp(seconds: 1))) }
                }
                try store.read { reader throws in
                    var paged: [RevokedStatusListEntry] = []
                    while true {
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
            Clause("A write that fails takes no index") { store async throws in
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
