import SignetStore
import Testing

extension StoreContract {
    static var families: [Clause] {
        [
            Clause("A family is found by id and by its user, with every field") { store async throws in
                let full = FamilyRecord.make(
                    clientID: .random(), scope: "orders:read orders:write", generation: .max, parent: .max - 1,
                    revokedAt: Timestamp(seconds: 1_500), revocationReason: .reuse, device: "📱")
                let plain = FamilyRecord.make()
                try await store.write { writer in
                    try writer.insert(full)
                    try writer.insert(plain)
                }
                try store.read { reader throws in
                    #expect(try reader.family(id: full.id) == full)
                    #expect(try reader.family(id: plain.id) == plain)
                    #expect(try reader.families(of: full.userID, after: nil, limit: 10) == [full])
                    #expect(try reader.family(id: .random()) == nil)
                    #expect(try reader.families(of: .random(), after: nil, limit: 10).isEmpty)
                }
            },
            Clause("The id of a family is unique") { store async throws in
                let family = FamilyRecord.make()
                try await store.write { try $0.insert(family) }
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write { try $0.insert(FamilyRecord.make(id: family.id)) }
                }
                #expect(try store.read { try $0.families(after: nil, limit: 10) } == [family])
            },
            Clause("An update replaces a family, and is refused for an unknown family or another user") {
                store async throws in
                let family = FamilyRecord.make()
                try await store.write { try $0.insert(family) }
                let rotated = family.rotated(idleExpiresAt: Timestamp(seconds: 3_000))
                try await store.write { try $0.update(rotated) }
                #expect(try store.read { try $0.family(id: family.id) } == rotated)
                await #expect(throws: StoreError(.notFound, "")) {
                    try await store.write { try $0.update(FamilyRecord.make()) }
                }
                await #expect(throws: StoreError(.invalidRecord, "")) {
                    try await store.write { try $0.update(FamilyRecord.make(id: family.id)) }
                }
                #expect(try store.read { try $0.family(id: family.id) } == rotated)
            },
            Clause("A family with a field outside its bounds is refused") { store async throws in
                let long = FamilyRecord.make(device: String(repeating: "d", count: 201))
                await #expect(throws: StoreError(.invalidRecord, "")) { try await store.write { try $0.insert(long) } }
                #expect(try store.read { try $0.families(after: nil, limit: 10) }.isEmpty)
            },
            Clause("The families of one user, and of all users, are listed in pages in ascending order of id") {
                store async throws in
                let user = UserID.random()
                let mine = (0..<12).map { _ in FamilyRecord.make(userID: user) }.sorted { $0.id < $1.id }
                let others = (0..<12).map { _ in FamilyRecord.make() }
                try await store.write { writer in for family in mine + others { try writer.insert(family) } }
                try store.read { reader throws in
                    let first = try reader.families(of: user, after: nil, limit: 7)
                    let second = try reader.families(of: user, after: first.last?.id, limit: 7)
                    #expect(first.count == 7)
                    #expect(first + second == mine)
                    let all = (mine + others).sorted { $0.id < $1.id }
                    let start = try reader.families(after: nil, limit: 20)
                    #expect(try start + reader.families(after: start.last?.id, limit: 20) == all)
                }
            },
        ]
    }

    static var clients: [Clause] {
        [
            Clause("A client is found by id with every field, listed in pages by id, and deleted once") {
                store async throws in
                let clients = (0..<5).map { ClientRecord.make(name: "client \($0)", scopes: ["a", "b"]) }
                try await store.write { writer in for client in clients { try writer.insert(client) } }
                let ordered = clients.sorted { $0.id < $1.id }
                try store.read { reader throws in
                    for client in clients { #expect(try reader.client(id: client.id) == client) }
                    #expect(try reader.clients(after: nil, limit: 2) == Array(ordered.prefix(2)))
                    #expect(try reader.clients(after: ordered[1].id, limit: 10) == Array(ordered.dropFirst(2)))
                }
                await #expect(throws: StoreError(.conflict, "")) {
                    try await store.write { try $0.insert(ClientRecord.make(id: ordered[0].id)) }
                }
                #expect(try await store.write { try $0.deleteClient(id: ordered[0].id) })
                #expect(try await store.write { try $0.deleteClient(id: ordered[0].id) } == false)
                #expect(try store.read { try $0.client(id: ordered[0].id) } == nil)
            }
        ]
    }
}
