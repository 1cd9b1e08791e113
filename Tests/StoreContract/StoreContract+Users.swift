import SignetStore
import Testing

extension StoreContract {
    static var users: [Clause] {
        [
            Clause("A user is found by id and by e-mail address, with every field") { store async throws in
                let user = UserRecord.make(
                    email: "ädä@example.com", name: "Ada 🦀", roles: ["admin", "support"],
                    disabledAt: Timestamp(milliseconds: -1), lastLoginAt: Timestamp(milliseconds: 5),
                    sessionCutoff: SessionCutoff(time: Timestamp(milliseconds: 6), exempt: nil, reason: .administrator))
                let plain = UserRecord.make()
                try await store.write { writer in
                    try writer.insert(user)
                    try writer.insert(plain)
                }
                try store.read { reader throws in
                    #expect(try reader.user(id: user.id) == user)
                    #expect(try reader.user(email: user.email) == user)
                    #expect(try reader.user(id: plain.id) == plain)
                }
            },
            Clause("The search for an unknown user, or for an address that cannot be stored, finds nothing") {
                store async throws in
                try store.read { reader throws in
                    #expect(try reader.user(id: .random()) == nil)
                    #expect(try reader.user(email: "nobody@example.com") == nil)
                    #expect(try reader.user(email: "") == nil)
                    #expect(try reader.user(email: String(repeating: "x", count: 100_000)) == nil)
                }
            },
            Clause("The id and the e-mail address of a user are unique") { store async throws in
                let user = UserRecord.make(email: "ada@example.com")
                try await store.write { try $0.insert(user) }
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write { try $0.insert(UserRecord.make(email: "ada@example.com")) }
                }
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write { try $0.insert(UserRecord.make(id: user.id, email: "other@example.com")) }
                }
                try store.read { reader throws in
                    #expect(try reader.users(after: nil, limit: 10) == [user])
                    #expect(try reader.user(email: "other@example.com") == nil)
                }
            },
            Clause("A conflict that the closure catches leaves no partial change") { store async throws in
                let user = UserRecord.make(email: "ada@example.com")
                try await store.write { writer in
                    try writer.insert(user)
                    #expect(throws: StoreError.self) {
                        try writer.insert(UserRecord.make(id: user.id, email: "free@example.com"))
                    }
                }
                try await store.write { try $0.insert(UserRecord.make(email: "free@example.com")) }
            },
            Clause("Of 200 concurrent registrations of one address exactly one succeeds") { store async throws in
                let outcomes = await withTaskGroup(of: UserID?.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            let user = UserRecord.make(email: "ada@example.com")
                            do {
                                try await store.write { try $0.insert(user) }
                                return user.id
                            } catch {
                                #expect(error as? StoreError == StoreError(.conflict, ""))
                                return nil
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let winners = outcomes.compactMap(\.self)
                #expect(outcomes.count == 200)
                #expect(winners.count == 1)
                try store.read { reader throws in
                    #expect(try reader.users(after: nil, limit: 10).map(\.id) == winners)
                    #expect(try reader.user(email: "ada@example.com")?.id == winners.first)
                }
            },
            Clause("An update replaces the user and the entry in the e-mail index") { store async throws in
                var user = UserRecord.make(email: "old@example.com")
                try await store.write { [user] in try $0.insert(user) }
                user.email = "new@example.com"
                user.passwordHash = "$argon2id$other"
                user.disabledAt = Timestamp(seconds: 5)
                try await store.write { [user] in try $0.update(user) }
                try store.read { reader throws in
                    #expect(try reader.user(id: user.id) == user)
                    #expect(try reader.user(email: "new@example.com") == user)
                    #expect(try reader.user(email: "old@example.com") == nil)
                }
                try await store.write { try $0.insert(UserRecord.make(email: "old@example.com")) }
            },
            Clause("Addresses in different Unicode forms are different") { store async throws in
                let composed = UserRecord.make(email: "\u{E9}@example.com")
                try await store.write { try $0.insert(composed) }
                var moved = composed
                moved.email = "e\u{301}@example.com"
                try await store.write { [moved] in try $0.update(moved) }
                try await store.write { try $0.insert(UserRecord.make(email: "\u{E9}@example.com")) }
            },
            Clause("An update of an unknown user, or to another user's address, is refused") { store async throws in
                let ada = UserRecord.make(email: "ada@example.com")
                let bob = UserRecord.make(email: "bob@example.com")
                try await store.write { writer in
                    try writer.insert(ada)
                    try writer.insert(bob)
                }
                await #expect(throws: StoreError(.notFound, "")) {
                    try await store.write { try $0.update(UserRecord.make()) }
                }
                let thief = UserRecord.make(id: bob.id, email: ada.email)
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write { try $0.update(thief) }
                }
                try store.read { reader throws in
                    #expect(try reader.user(email: ada.email) == ada)
                    #expect(try reader.user(email: bob.email) == bob)
                }
            },
            Clause("An e-mail address of 254 bytes is stored, and a longer or empty one is refused") {
                store async throws in
                let longest = UserRecord.make(email: String(repeating: "a", count: 254))
                try await store.write { try $0.insert(longest) }
                #expect(try store.read { try $0.user(email: longest.email) } == longest)
                for email in [String(repeating: "a", count: 255), ""] {
                    await #expect(throws: StoreError(.invalidRecord, "")) {
                        try await store.write { try $0.insert(UserRecord.make(email: email)) }
                    }
                }
            },
            Clause("Users are listed in pages in ascending order of id, without gaps or repeats") {
                store async throws in
                let users = (0..<25).map { _ in UserRecord.make() }
                try await store.write { writer in for user in users { try writer.insert(user) } }
                var paged: [UserRecord] = []
                for _ in 0..<10 {
                    let page = try store.read { try $0.users(after: paged.last?.id, limit: 10) }
                    paged += page
                    if page.count < 10 { break }
                }
                #expect(paged == users.sorted { $0.id < $1.id })
                #expect(try store.read { try $0.users(after: nil, limit: 0) }.isEmpty)
            },
            Clause("Only the families of one user are removed, in batches") { store async throws in
                let user = UserRecord.make()
                let bystander = FamilyRecord.make()
                try await store.write { writer in
                    try writer.insert(user)
                    for _ in 0..<5 { try writer.insert(FamilyRecord.make(userID: user.id)) }
                    try writer.insert(bystander)
                }
                for expected in [2, 2, 1, 0] {
                    #expect(try await store.write { try $0.removeFamilies(of: user.id, limit: 2) } == expected)
                }
                try store.read { reader throws in
                    #expect(try reader.families(of: user.id, after: nil, limit: 10).isEmpty)
                    #expect(try reader.families(after: nil, limit: 10) == [bystander])
                    #expect(try reader.user(id: user.id) == user)
                }
            },
            Clause("Deleting a user removes the user's families and frees the address, and changes no other user") {
                store async throws in
                let ada = UserRecord.make(email: "ada@example.com")
                let bob = UserRecord.make()
                let hers = (0..<5).map { _ in FamilyRecord.make(userID: ada.id) }
                let his = FamilyRecord.make(userID: bob.id)
                try await store.write { writer in
                    try writer.insert(ada)
                    try writer.insert(bob)
                    for family in hers + [his] { try writer.insert(family) }
                }
                #expect(try await store.write { try $0.deleteUser(id: ada.id) })
                try store.read { reader throws in
                    #expect(try reader.user(id: ada.id) == nil)
                    #expect(try reader.user(email: ada.email) == nil)
                    #expect(try reader.families(of: ada.id, after: nil, limit: 10).isEmpty)
                    #expect(try reader.families(after: nil, limit: 10) == [his])
                    #expect(try reader.user(id: bob.id) == bob)
                }
                #expect(try await store.write { try $0.deleteUser(id: ada.id) } == false)
                try await store.write { try $0.insert(UserRecord.make(email: ada.email)) }
                let late = Timestamp(seconds: 10_000)
                for _ in 0..<10 { try await store.write { _ = try $0.sweep(at: late, limit: 4) } }
                #expect(try store.read { try $0.families(after: nil, limit: 10) }.isEmpty)
            },
        ]
    }
}
