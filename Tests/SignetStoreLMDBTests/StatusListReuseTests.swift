import SignetStore
import StoreContract
import TestSupport
import Testing

@testable import SignetStoreLMDB

/// Runs a random sequence of logins, rotations, revocations, deletions and sweeps, which reuses status list indices
/// often. After every step, the status list entry of each unexpired token must say whether the session of that token
/// has ended.
@Suite("Reuse of status list indices", .timeLimit(.minutes(5)))
struct StatusListReuseTests {
    /// A random number generator with only 64 different results. The store uses it to choose the status list index of a
    /// new session, so indices of ended sessions are soon chosen again.
    private struct FewOffsets: RandomNumberGenerator {
        var source: Numbers

        mutating func next() -> UInt64 { source.next() & ~(UInt64.max >> 6) }
    }

    /// A random number generator with a seed, so that a failed run can be repeated.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        }
    }

    /// An access token that the test has issued.
    private struct Token {
        let family: FamilyID
        let user: UserID
        let index: StatusListIndex
        let end: Timestamp
    }

    private static let lifetime = Duration.seconds(900)

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `No token is judged by the entry of another session, in any list that has not expired`(seed: UInt64)
        async throws
    {
        let directory = TemporaryDirectory()
        let store = try LMDBStore.open(path: directory.path)
        defer { store.close() }
        var numbers = Numbers(state: seed)
        var now = Timestamp(seconds: 1_000_000)
        var users: [UserRecord] = []
        var families: [FamilyID: FamilyRecord] = [:]
        var ended: Set<FamilyID> = []
        var tokens: [Token] = []
        var lists: [(at: Timestamp, set: Set<StatusListIndex>)] = []
        var familiesOfIndex: [StatusListIndex: Set<FamilyID>] = [:]

        for step in 0..<900 {
            let living = families.values.filter { !ended.contains($0.id) && now < $0.removableAt }.sorted {
                $0.id < $1.id
            }
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0...2 where living.count < 24:
                let user = UserRecord.make()
                users.append(user)
                let (start, offsets) = (now, FewOffsets(source: Numbers(state: numbers.next())))
                let family = try await store.write { writer in
                    let writer = try #require(writer as? LMDBWriter)
                    var offsets = offsets
                    let index = try writer.freeStatusListIndex(using: &offsets)
                    try writer.takeStatusListIndex(index)
                    let entry = StatusListEntry(index: index, tokensExpireAt: start + Self.lifetime)
                    let family = FamilyRecord.make(
                        userID: user.id, createdAt: start, expiresAt: start + .seconds(90_000),
                        idleExpiresAt: start + .seconds(4_000), statusListEntry: entry)
                    try writer.insert(user)
                    try writer.insert(family)
                    return family
                }
                families[family.id] = family
                let entry = try #require(family.statusListEntry)
                tokens.append(
                    Token(family: family.id, user: user.id, index: entry.index, end: now + Self.lifetime))
                familiesOfIndex[entry.index, default: []].insert(family.id)
                for list in lists where now < list.at + StatusListEntry.longestListLifetime {
                    #expect(
                        !list.set.contains(entry.index),
                        "step \(step): allocated while an unexpired list has the entry set")
                }
            case 3, 4:
                guard var family = living.first else { continue }
                family = family.rotated(idleExpiresAt: now + .seconds(4_000))
                family.statusListEntry?.tokensExpireAt = now + Self.lifetime
                let rotated = family
                try await store.write { try $0.update(rotated) }
                families[family.id] = family
                let entry = try #require(family.statusListEntry)
                tokens.append(
                    Token(family: family.id, user: family.userID, index: entry.index, end: now + Self.lifetime))
            case 5:
                guard let family = living.last else { continue }
                let revoked = family.revoked(at: now)
                try await store.write { try $0.update(revoked) }
                ended.insert(family.id)
            case 6:
                guard let user = users.randomElement(using: &numbers) else { continue }
                // Deleting a user ends the user's sessions (families) that are still in the store. If `sweep` has
                // removed a session, that session had expired and does not count as ended.
                let present = try store.read { try $0.families(of: user.id, after: nil, limit: 10) }
                try await store.write { _ = try $0.deleteUser(id: user.id) }
                ended.formUnion(present.map(\.id))
                users.removeAll { $0.id == user.id }
            case 7:
                let time = now
                try #require(try await eventually { try await store.write { try $0.sweep(at: time, limit: 7) } < 7 })
            default:
                now = now + .seconds(Int64.random(in: 1...900, using: &numbers))
            }

            let entries = try store.read { try $0.revokedStatusListEntries(of: 0, after: nil, limit: .max) }
            let set = Set(entries.filter { now < $0.until }.map { StatusListIndex(list: 0, offset: $0.offset) })
            lists.append((now, set))
            lists.removeAll { now >= $0.at + StatusListEntry.longestListLifetime }
            tokens.removeAll { now >= $0.end + StatusListEntry.longestLeeway }
            for token in tokens where set.contains(token.index) != ended.contains(token.family) {
                Issue.record("step \(step): the entry of a token does not tell whether its session has ended")
                return
            }
        }
        #expect(familiesOfIndex.values.contains { $0.count > 1 }, "no index was reused")
    }
}
