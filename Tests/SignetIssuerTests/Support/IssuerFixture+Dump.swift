import SignetStore

extension IssuerFixture {
    /// Every user, family and client in the store: what an operation without effect leaves as it was.
    func dump() throws -> StoreDump {
        try store.read { reader in
            StoreDump(
                users: try reader.users(after: nil, limit: .max),
                families: try reader.families(after: nil, limit: .max),
                clients: try reader.clients(after: nil, limit: .max))
        }
    }

    struct StoreDump: Equatable {
        let users: [UserRecord]
        let families: [FamilyRecord]
        let clients: [ClientRecord]
    }
}
