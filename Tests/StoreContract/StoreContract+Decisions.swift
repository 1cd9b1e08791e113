import SignetStore
import Testing

extension StoreContract {
    private static let now = Timestamp(seconds: 1_500)

    /// The requirements that a check with ``Store`` alone can show. Stores on other machines must meet them, too.
    package static var decisions: [StoreClause] { lookups + decided + queries + jobs }

    private static func draft(
        time: Timestamp = Timestamp(seconds: 1_000), subject: UserID? = nil, address: String = "192.0.2.1"
    ) -> StoreChange {
        .appendAudit(
            AuditDraft(
                time: time, type: .login, actor: subject.map { .user($0) } ?? .anonymous, subject: subject,
                familyID: nil, object: "", address: address, userAgent: "Firefox on Linux", outcome: .succeeded,
                reason: "", count: 1, hash: hash))
    }

    /// A made-up hash, which is different for two consecutive records.
    @Sendable private static func hash(of entry: AuditEntry) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: entry.sequence), count: AuditLink.hashLength)
    }

    private static var lookups: [StoreClause] {
        [
            StoreClause("A lookup answers the parts that it asks for, and no other") { store async throws in
                let (user, client) = (UserRecord.make(), ClientRecord.make())
                let family = FamilyRecord.make(userID: user.id)
                try await store.write([.insertUser(user), .insertFamily(family), .insertClient(client)])
                #expect(try await store.load(StoreLookup()) == LoadedRecords())
                var expected = LoadedRecords()
                expected.client = client
                #expect(try await store.load(StoreLookup(client: client.id)) == expected)
                expected.user = user
                let both = StoreLookup(client: client.id, user: .email(user.email))
                #expect(try await store.load(both) == expected)
                #expect(try await store.load(StoreLookup(user: .id(user.id))).user == user)
                let session = try await store.load(StoreLookup(session: family.id))
                #expect(session.session == SessionRecords(family: family, user: user))
                #expect(session.user == nil)
                let missing = StoreLookup(client: .random(), user: .id(.random()), session: .random())
                #expect(try await store.load(missing) == LoadedRecords())
            },
            StoreClause("What a store has at hand equals what it loads") { store async throws in
                let user = UserRecord.make()
                let family = FamilyRecord.make(userID: user.id)
                try await store.write([.insertUser(user), .insertFamily(family)])
                let lookup = StoreLookup(
                    user: .id(user.id), session: family.id,
                    token: TokenKey(tokenID: "t", holder: .user(user.id, session: family.id)),
                    families: FamilyPage(limit: 5), liveFamilies: LiveFamilySearch(limit: 5, reading: 100, at: now))
                let loaded = try await store.load(lookup)
                #expect(loaded.families == [family])
                if let atHand = try store.loadAtHand(lookup) { #expect(atHand == loaded) }
            },
            StoreClause("A token's records are those of its holder, as long as it is not revoked") {
                store async throws in
                let (user, client) = (UserRecord.make(), ClientRecord.make())
                let family = FamilyRecord.make(userID: user.id)
                try await store.write([.insertUser(user), .insertFamily(family), .insertClient(client)])
                func records(_ holder: TokenKey.Holder?) async throws -> TokenRecords? {
                    try await store.load(StoreLookup(token: TokenKey(tokenID: "t", holder: holder))).token
                }
                var expected = TokenRecords(isRevoked: false)
                #expect(try await records(nil) == expected)
                #expect(try await records(.user(.random(), session: family.id)) == expected)
                expected.user = user
                #expect(try await records(.user(user.id, session: nil)) == expected)
                #expect(try await records(.user(user.id, session: .random())) == expected)
                expected.family = family
                #expect(try await records(.user(user.id, session: family.id)) == expected)
                #expect(try await records(.client(client.id))?.client == client)
                try await store.write([.revokeToken(id: "t", until: Timestamp(seconds: 9_000))])
                #expect(try await records(.client(client.id))?.isRevoked == true)
            },
            StoreClause("A search for live families leaves out those that ended, and says where it stopped") {
                store async throws in
                var user = UserRecord.make()
                user.sessionCutoff = SessionCutoff(time: Timestamp(seconds: 900), exempt: nil, reason: .logout)
                var families = (0..<9).map { _ in FamilyRecord.make(userID: user.id) }.sorted { $0.id < $1.id }
                families[1] = families[1].revoked(at: Timestamp(seconds: 1_100))
                families[2] = FamilyRecord.make(
                    id: families[2].id, userID: user.id, idleExpiresAt: Timestamp(seconds: 1_400))
                families[3] = FamilyRecord.make(
                    id: families[3].id, userID: user.id, createdAt: Timestamp(seconds: 800))
                try await store.write([.insertUser(user)] + families.map { .insertFamily($0) })
                let live = [families[0]] + families[4...]
                func found(after cursor: FamilyID? = nil, limit: Int) async throws -> LiveFamilies? {
                    let search = LiveFamilySearch(after: cursor, limit: limit, reading: 1_000, at: now)
                    return try await store.load(StoreLookup(user: .id(user.id), liveFamilies: search)).liveFamilies
                }
                #expect(try await found(limit: 9) == LiveFamilies(families: live, next: nil))
                #expect(try await found(limit: 6) == LiveFamilies(families: live, next: nil))
                let first = LiveFamilies(families: Array(live.prefix(2)), next: live[1].id)
                #expect(try await found(limit: 2) == first)
                let last = LiveFamilies(families: Array(live.suffix(4)), next: nil)
                #expect(try await found(after: live[1].id, limit: 9) == last)
                let missing = StoreLookup(
                    user: .id(.random()), liveFamilies: LiveFamilySearch(limit: 1, reading: 100, at: now))
                #expect(try await store.load(missing).liveFamilies == nil)
            },
            StoreClause("A search for live families reads no more records than its limit") { store async throws in
                let user = UserRecord.make()
                let families = (0..<250).map { _ in
                    FamilyRecord.make(userID: user.id, idleExpiresAt: Timestamp(seconds: 1_400))
                }.sorted { $0.id < $1.id }
                try await store.write([.insertUser(user)] + families.map { .insertFamily($0) })
                let token = TokenKey(tokenID: "t", holder: .user(user.id, session: nil))
                let search = LiveFamilySearch(limit: 10, reading: 200, at: now)
                let found = try await store.load(StoreLookup(token: token, liveFamilies: search)).liveFamilies
                #expect(found == LiveFamilies(families: [], next: families[199].id))
            },
            StoreClause("A page of families has those of one user, after the cursor") { store async throws in
                let user = UserRecord.make()
                let families = (0..<6).map { _ in FamilyRecord.make(userID: user.id) }.sorted { $0.id < $1.id }
                let others = (0..<6).map { _ in FamilyRecord.make() }
                try await store.write([.insertUser(user)] + (families + others).map { .insertFamily($0) })
                let page = FamilyPage(after: families[1].id, limit: 3)
                let loaded = try await store.load(StoreLookup(user: .id(user.id), families: page))
                #expect(loaded.families == Array(families[2...4]))
                #expect(try await store.load(StoreLookup(user: .id(.random()), families: page)).families.isEmpty)
            },
        ]
    }

    private static var decided: [StoreClause] {
        [
            StoreClause("A decision gets what is stored, and its changes and result follow from that") {
                store async throws in
                let family = FamilyRecord.make()
                try await store.write([.insertFamily(family)])
                let generation = try await store.write(loading: StoreLookup(session: family.id)) { loaded in
                    let rotated = loaded.session?.family.rotated(idleExpiresAt: family.idleExpiresAt)
                    return StoreDecision(rotated?.generation, rotated.map { [.updateFamily($0)] } ?? [])
                }
                #expect(generation == 1)
                #expect(try await store.load(StoreLookup(session: family.id)).session?.family.generation == 1)
            },
            StoreClause("A decision runs again if the records that its caller knows have changed") {
                store async throws in
                let family = FamilyRecord.make()
                try await store.write([.insertFamily(family)])
                let lookup = StoreLookup(session: family.id)
                let known = try await store.load(lookup)
                for generation in 1...3 as ClosedRange<UInt32> {
                    let result = try await store.write(loading: lookup, known: known) { loaded in
                        let rotated = loaded.session?.family.rotated(idleExpiresAt: family.idleExpiresAt)
                        return StoreDecision(rotated?.generation, rotated.map { [.updateFamily($0)] } ?? [])
                    }
                    #expect(result == generation)
                }
            },
            StoreClause("A decision that throws changes nothing, and a decision without changes returns its result") {
                store async throws in
                let user = UserRecord.make()
                await #expect(throws: Refusal(number: 4)) {
                    try await store.write(loading: StoreLookup()) { _ -> StoreDecision<Int> in
                        throw Refusal(number: 4)
                    }
                }
                #expect(try await store.write(loading: StoreLookup()) { _ in StoreDecision(7) } == 7)
                #expect(try await store.load(StoreLookup(user: .id(user.id))).user == nil)
            },
            StoreClause("If one change of a decision fails, none is made") { store async throws in
                let (first, second) = (UserRecord.make(email: "a@example.com"), UserRecord.make(email: "a@example.com"))
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write([.insertUser(first), draft(), .insertUser(second)])
                }
                #expect(try await store.users(after: nil, limit: 10).isEmpty)
                #expect(try await store.auditPage(.after(0), limit: 10).entries.isEmpty)
            },
            StoreClause("No rotation of 200 concurrent decisions is lost") { store async throws in
                let family = FamilyRecord.make()
                try await store.write([.insertFamily(family)])
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            await #expect(throws: Never.self) {
                                try await store.write(loading: StoreLookup(session: family.id)) { loaded in
                                    guard let current = loaded.session?.family else { return StoreDecision([]) }
                                    return StoreDecision([
                                        .updateFamily(current.rotated(idleExpiresAt: current.idleExpiresAt))
                                    ])
                                }
                            }
                        }
                    }
                }
                #expect(try await store.load(StoreLookup(session: family.id)).session?.family.generation == 200)
            },
            StoreClause("Of two decisions that insert the same address, the second sees the first") {
                store async throws in
                let lookup = StoreLookup(user: .email("ada@example.com"))
                let inserted = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            let user = UserRecord.make(email: "ada@example.com")
                            let isNew = try? await store.write(loading: lookup) { loaded in
                                loaded.user == nil ? StoreDecision(true, [.insertUser(user)]) : StoreDecision(false)
                            }
                            return isNew ?? true
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(inserted == 1)
            },
            StoreClause("A loaded status list index is free until a decision takes it") { store async throws in
                let lookup = StoreLookup(needsStatusListIndex: true)
                func index(taking: Bool) async throws -> StatusListIndex? {
                    try await store.write(loading: lookup) { loaded in
                        guard let index = loaded.statusListIndex, taking else {
                            return StoreDecision(loaded.statusListIndex)
                        }
                        let entry = StatusListEntry(index: index, tokensExpireAt: Timestamp(seconds: 2_000))
                        let family = FamilyRecord.make(statusListEntry: entry)
                        return StoreDecision(index, [.takeStatusListIndex(index), .insertFamily(family)])
                    }
                }
                #expect(try await index(taking: false) != nil)
                #expect(try await store.statusListCount() == 0)
                var taken: Set<StatusListIndex> = []
                for _ in 0..<50 { taken.insert(try #require(try await index(taking: true))) }
                #expect(taken.count == 50)
                #expect(try await store.statusListCount() == 1)
                let first = try #require(taken.first)
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write([.takeStatusListIndex(first)])
                }
            },
            StoreClause("Every change takes effect") { store async throws in
                let (user, client) = (UserRecord.make(), ClientRecord.make())
                let families = (0..<3).map { _ in FamilyRecord.make(userID: user.id) }.sorted { $0.id < $1.id }
                try await store.write([.insertUser(user), .insertClient(client)] + families.map { .insertFamily($0) })
                var renamed = user
                renamed.name = "Eve"
                let ended = families[2].revoked(at: now)
                try await store.write([
                    .updateUser(renamed), .updateFamily(ended), .removeFamilies(of: user.id, limit: 2),
                    .deleteClient(client.id), .deleteClient(client.id),
                ])
                let page = FamilyPage(limit: 10)
                let loaded = try await store.load(
                    StoreLookup(client: client.id, user: .id(user.id), families: page))
                #expect(loaded.user == renamed)
                #expect(loaded.families == [ended])
                #expect(loaded.client == nil)
                try await store.write([.deleteUser(user.id), .deleteUser(user.id)])
                let rest = try await store.load(StoreLookup(user: .id(user.id), session: ended.id))
                #expect(rest == LoadedRecords())
            },
            StoreClause("Audit records of decisions continue one chain") { store async throws in
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            await #expect(throws: Never.self) {
                                try await store.write([draft(address: "\(number)"), draft(address: "\(number)")])
                            }
                        }
                    }
                }
                let page = try await store.auditPage(.after(0), limit: 100)
                let records = try page.entries.map { try $0.record() }
                #expect(records.map(\.sequence) == Array(1...80))
                #expect(Set(records.map(\.address)).count == 40)
                #expect(zip(records, records.dropFirst()).allSatisfy { $1.previousHash == $0.link.hash })
                #expect(page.state.head == records.last?.link)
            },
            StoreClause("A decision finds the audit records of given times and the oldest record") {
                store async throws in
                let none = try await store.load(StoreLookup(auditTimes: [now])).audit
                #expect(none?.oldest == nil)
                #expect(none?.entries[now, default: []].isEmpty == true)
                let times = [1, 2, 2, 3].map { Timestamp(seconds: $0) }
                try await store.write(times.map { draft(time: $0) })
                let lookup = StoreLookup(auditTimes: [times[1], times[3], Timestamp(seconds: 9)])
                let found = try #require(try await store.load(lookup).audit)
                #expect(found.oldest?.sequence == 1)
                #expect(found.entries[times[1]]?.map(\.sequence) == [3, 2])
                #expect(found.entries[times[3]]?.map(\.sequence) == [4])
                #expect(found.entries[Timestamp(seconds: 9), default: []].isEmpty)
            },
        ]
    }

    private static var queries: [StoreClause] {
        [
            StoreClause("Users, clients and sessions are listed in pages in ascending order") { store async throws in
                let users = (0..<5).map { _ in UserRecord.make() }.sorted { $0.id < $1.id }
                let clients = (0..<5).map { _ in ClientRecord.make() }.sorted { $0.id < $1.id }
                let families = users.map { FamilyRecord.make(userID: $0.id) }.sorted { $0.id < $1.id }
                try await store.write(users.map { .insertUser($0) } + clients.map { .insertClient($0) })
                try await store.write(families.map { .insertFamily($0) })
                #expect(try await store.users(after: nil, limit: 9) == users)
                #expect(try await store.users(after: users[0].id, limit: 2) == Array(users[1...2]))
                #expect(try await store.clients(after: clients[2].id, limit: 9) == Array(clients[3...]))
                let sessions = try await store.sessions(after: families[0].id, limit: 3)
                #expect(sessions.map(\.family) == Array(families[1...3]))
                #expect(sessions.allSatisfy { $0.user?.id == $0.family.userID })
                try await store.write(loading: StoreLookup()) { _ in
                    StoreDecision([.insertFamily(FamilyRecord.make(id: FamilyID(high: .max, low: .max)))])
                }
                #expect(try await store.sessions(after: families[4].id, limit: 3).map(\.user) == [nil])
            },
            StoreClause("Audit records are selected by position, account and time, together with the log's state") {
                store async throws in
                let ada = UserID.random()
                try await store.write([
                    draft(time: Timestamp(seconds: 10)), draft(time: Timestamp(seconds: 30), subject: ada),
                    draft(time: Timestamp(seconds: 20)), draft(time: Timestamp(seconds: 20), subject: ada),
                ])
                func sequences(_ selection: AuditSelection, limit: Int = 9) async throws -> [UInt64] {
                    let page = try await store.auditPage(selection, limit: limit)
                    #expect(page.state.head.sequence == 4)
                    return page.entries.map(\.sequence)
                }
                #expect(try await sequences(.after(1), limit: 2) == [2, 3])
                #expect(try await sequences(.about(ada, before: .max)) == [4, 2])
                #expect(try await sequences(.about(ada, before: 4)) == [2])
                let span = Timestamp(seconds: 10)...Timestamp(seconds: 20)
                #expect(try await sequences(.during(span, before: .max)) == [4, 3, 1])
                #expect(try await sequences(.during(span, before: 4), limit: 1) == [3])
                let extent = try await store.auditExtent(at: Timestamp(seconds: 40))
                #expect(extent.oldest == Timestamp(seconds: 10))
                #expect(extent.state.count == 4)
            },
            StoreClause("The entries of revoked families are listed by list") { store async throws in
                let entry = StatusListEntry(
                    index: StatusListIndex(list: 0, offset: 77), tokensExpireAt: Timestamp(seconds: 2_000))
                let family = FamilyRecord.make(statusListEntry: entry)
                try await store.write([.takeStatusListIndex(entry.index), .insertFamily(family)])
                #expect(try await store.revokedStatusListEntries(of: 0, after: nil, limit: 9).isEmpty)
                try await store.write([.updateFamily(family.revoked(at: now))])
                let expected = RevokedStatusListEntry(offset: 77, until: entry.revokedUntil)
                #expect(try await store.revokedStatusListEntries(of: 0, after: nil, limit: 9) == [expected])
                #expect(try await store.revokedStatusListEntries(of: 0, after: 77, limit: 9).isEmpty)
            },
        ]
    }

    private static var jobs: [StoreClause] {
        [
            StoreClause("A sweep handles one batch of expired records in a transaction") { store async throws in
                let families = (0..<20).map { _ in FamilyRecord.make(idleExpiresAt: Timestamp(seconds: 1_400)) }
                try await store.write(families.map { .insertFamily($0) })
                let limit = BatchLimit(records: 16, step: 8, duration: .seconds(60)) { .zero }
                #expect(try await store.sweep(at: now, within: limit) == BatchProgress(handled: 16, isLast: false))
                #expect(try await store.sweep(at: now, within: limit) == BatchProgress(handled: 4, isLast: true))
                #expect(try await store.sessions(after: nil, limit: 9).isEmpty)
            },
            StoreClause("A sweep ends after the step in which its time is over") { store async throws in
                let families = (0..<20).map { _ in FamilyRecord.make(idleExpiresAt: Timestamp(seconds: 1_400)) }
                try await store.write(families.map { .insertFamily($0) })
                let limit = BatchLimit(records: 16, step: 8, duration: .zero) { .zero }
                #expect(try await store.sweep(at: now, within: limit) == BatchProgress(handled: 8, isLast: false))
            },
            StoreClause("A trimming of the audit log records itself in the same transaction") { store async throws in
                try await store.write((0..<20).map { draft(time: Timestamp(seconds: $0)) })
                let trim = AuditTrim(before: Timestamp(seconds: 18), at: now, downTo: .max)
                let limit = BatchLimit(records: 16, step: 8, duration: .seconds(60)) { .zero }
                let record: @Sendable (BatchProgress, AuditLink) -> [StoreChange] = { progress, anchor in
                    [draft(address: "\(progress.handled) \(progress.isLast) \(anchor.sequence)")]
                }
                let first = try await store.trimAudit(trim, within: limit, recording: record)
                #expect(first == BatchProgress(handled: 16, isLast: false))
                let second = try await store.trimAudit(trim, within: limit, recording: record)
                #expect(second == BatchProgress(handled: 2, isLast: true))
                let page = try await store.auditPage(.after(0), limit: 99)
                #expect(page.state.anchor.sequence == 18)
                #expect(
                    try page.entries.map { try $0.record().address } == [
                        "192.0.2.1", "192.0.2.1", "16 false 16", "2 true 18",
                    ])
            },
        ]
    }
}
