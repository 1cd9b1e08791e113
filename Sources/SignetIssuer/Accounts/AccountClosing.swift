import SignetStore

/// Removes accounts, for people who leave and for operators alike.
struct AccountClosing: Sendable {
    /// Most sessions that one transaction removes.
    static let batchSize = 100

    let store: any Store

    /// Removes the sessions of a user, a batch at a time so that nobody waits long for the writer, and the account
    /// together with the last of them.
    ///
    /// Stopped in between, it leaves an account with fewer sessions.
    /// - Parameter find: the user to remove; asked again in every transaction. What it throws ends the removal.
    /// - Returns: the user that was removed.
    func close(_ find: @escaping @Sendable (any StoreReader) throws -> UserRecord) async throws -> UserRecord {
        while true {
            let closed = try await store.write { writer -> UserRecord? in
                let user = try find(writer)
                guard try writer.removeFamilies(of: user.id, limit: Self.batchSize) < Self.batchSize else { return nil }
                try writer.deleteUser(id: user.id)
                return user
            }
            if let closed { return closed }
        }
    }
}
