import SignetStore
import Testing

extension StoreContract {
    /// The error that the closures in these tests throw.
    struct Refusal: Error, Equatable {
        let number: Int
    }

    static var transactions: [Clause] {
        [
            Clause("A write whose closure throws is undone, and throws the error") { store async throws in
                let user = UserRecord.make()
                let family = FamilyRecord.make(userID: user.id)
                await #expect(throws: Refusal(number: 1)) {
                    try await store.write { writer in
                        try writer.insert(user)
                        try writer.insert(family)
                        try writer.revoke(tokenID: "a", until: Timestamp(seconds: 1))
                        throw Refusal(number: 1)
                    }
                }
                try store.read { reader throws in
                    #expect(try reader.users(after: nil, limit: 1).isEmpty)
                    #expect(try reader.families(after: nil, limit: 1).isEmpty)
                    #expect(try reader.families(of: user.id, after: nil, limit: 1).isEmpty)
                    #expect(try reader.user(email: user.email) == nil)
                    #expect(try reader.isRevoked(tokenID: "a") == false)
                }
                #expect(try await store.write { try $0.sweep(at: Timestamp(seconds: 10_000), limit: 10) } == 0)
            },
            Clause("Concurrent writes that throw do not make others fail") { store async throws in
                let users = (0..<100).map { _ in UserRecord.make() }
                await withTaskGroup(of: Void.self) { group in
                    for (number, user) in users.enumerated() {
                        group.addTask {
                            do {
                                let id = try await store.write { writer in
                                    try writer.insert(user)
                                    if !number.isMultiple(of: 3) { throw Refusal(number: number) }
                                    return user.id
                                }
                                #expect(number.isMultiple(of: 3))
                                #expect(id == user.id)
                            } catch {
                                #expect(error as? Refusal == Refusal(number: number))
                            }
                        }
                    }
                }
                let kept = users.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
                #expect(try store.read { try $0.users(after: nil, limit: 200) } == kept.sorted { $0.id < $1.id })
            },
            Clause("A write reads its own changes") { store async throws in
                let user = UserRecord.make()
                let found = try await store.write { writer in
                    try writer.insert(user)
                    return (try writer.user(email: user.email), try writer.users(after: nil, limit: 5))
                }
                #expect(found.0 == user)
                #expect(found.1 == [user])
            },
            Clause("A read sees every write that has returned before") { store async throws in
                for number in 1...50 {
                    try await store.write { try $0.insert(UserRecord.make()) }
                    #expect(try store.read { try $0.users(after: nil, limit: 100) }.count == number)
                }
            },
            Clause("No increment of 200 concurrent read-modify-writes is lost") { store async throws in
                let family = FamilyRecord.make()
                try await store.write { try $0.insert(family) }
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<200 {
                        group.addTask {
                            await #expect(throws: Never.self) {
                                try await store.write { writer in
                                    let current = try #require(try writer.family(id: family.id))
                                    try writer.update(current.rotated(idleExpiresAt: current.idleExpiresAt))
                                }
                            }
                        }
                    }
                }
                #expect(try store.read { try $0.family(id: family.id) }?.generation == 200)
            },
            Clause("A read sees one snapshot while other writes are committed") { store async throws in
                // Each write deletes one user and adds another, so there is always one user. A read that saw a write in
                // part would count 0 or 2 users.
                let first = UserRecord.make()
                try await store.write { try $0.insert(first) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        var present = first.id
                        for _ in 0..<200 {
                            let (old, new) = (present, UserRecord.make())
                            try await store.write { writer in
                                try writer.deleteUser(id: old)
                                try writer.insert(new)
                            }
                            present = new.id
                        }
                    }
                    group.addTask {
                        for _ in 0..<1_000 {
                            try store.read { reader throws in
                                let users = try reader.users(after: nil, limit: 10)
                                #expect(users.count == 1)
                                #expect(try users.first.flatMap { try reader.user(email: $0.email) } == users.first)
                            }
                            await Task.yield()
                        }
                    }
                    try await group.waitForAll()
                }
            },
            Clause("A read throws its closure's error, and returns its result") { store async throws in
                #expect(throws: Refusal(number: 2)) { try store.read { _ throws -> Void in throw Refusal(number: 2) } }
                #expect(try store.read { _ in 3 } == 3)
            },
        ]
    }
}
