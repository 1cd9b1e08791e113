extension StoreWriter {
    /// Makes one change of a decision.
    package func make(_ change: StoreChange) throws {
        switch change {
        case .insertUser(let user): try insert(user)
        case .updateUser(let user): try update(user)
        case .deleteUser(let id): try deleteUser(id: id)
        case .insertFamily(let family): try insert(family)
        case .updateFamily(let family): try update(family)
        case .removeFamilies(let user, let limit): try removeFamilies(of: user, limit: limit)
        case .takeStatusListIndex(let index): try takeStatusListIndex(index)
        case .insertClient(let client): try insert(client)
        case .deleteClient(let id): try deleteClient(id: id)
        case .revokeToken(let id, let expiry): try revoke(tokenID: id, until: expiry)
        case .appendAudit(let draft): try append(draft.record(after: auditState().head), hash: draft.hash)
        }
    }

    /// Takes a random free status list index. In the same transaction, the caller must write a session (family) that
    /// uses the index.
    /// - Throws: ``StoreError/Code/full`` if every index is taken.
    package func allocateStatusListIndex() throws -> StatusListIndex {
        let index = try freeStatusListIndex()
        try takeStatusListIndex(index)
        return index
    }
}
