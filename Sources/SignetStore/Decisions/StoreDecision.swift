/// What to do about a request: the result for the caller, and the changes to write.
///
/// A decision is a function of the records that a store has loaded. It neither reads nor writes anything itself, so a
/// store may run it again.
package struct StoreDecision<Result: Sendable>: Sendable {
    /// The result for the caller. The store returns it after the changes are durable.
    package var result: Result
    /// The changes in the order in which to make them; empty to write nothing.
    package let changes: [StoreChange]

    package init(_ result: Result, _ changes: [StoreChange] = []) {
        self.result = result
        self.changes = changes
    }
}

extension StoreDecision where Result == Void {
    /// Makes a decision without a result.
    package init(_ changes: [StoreChange]) { self.init((), changes) }
}

/// One change of the store. ``StoreWriter`` describes the effects and errors of each change.
package enum StoreChange: Sendable {
    case insertUser(UserRecord)
    case updateUser(UserRecord)
    /// Removes the user and all families (sessions) of the user. Does nothing if no user has the id.
    case deleteUser(UserID)
    case insertFamily(FamilyRecord)
    case updateFamily(FamilyRecord)
    /// Removes up to `limit` families (sessions) of one user.
    case removeFamilies(of: UserID, limit: Int)
    /// Takes the index that the lookup has loaded. The same decision must write a family that uses the index.
    case takeStatusListIndex(StatusListIndex)
    case insertClient(ClientRecord)
    /// Removes the client. Does nothing if no client has the id.
    case deleteClient(ClientID)
    case revokeToken(id: String, until: Timestamp)
    /// Appends a record to the audit log.
    case appendAudit(AuditDraft)
}

/// An audit record before the store has given it a place in the hash chain.
package struct AuditDraft: Sendable {
    private let record: AuditRecord
    /// Computes the hash of the finished record from its stored form; see ``StoreWriter/append(_:hash:)``.
    package let hash: @Sendable (AuditEntry) -> [UInt8]

    /// Makes a draft. ``AuditRecord`` describes the parameters.
    package init(
        time: Timestamp, type: AuditType, actor: AuditActor, subject: UserID?, familyID: FamilyID?, object: String,
        address: String, userAgent: String, outcome: AuditOutcome, reason: String, count: UInt32,
        hash: @escaping @Sendable (AuditEntry) -> [UInt8]
    ) {
        record = AuditRecord(
            sequence: 0, time: time, type: type, actor: actor, subject: subject, familyID: familyID, object: object,
            address: address, userAgent: userAgent, outcome: outcome, reason: reason, count: count, previousHash: [])
        self.hash = hash
    }

    /// The record that continues a hash chain.
    /// - Parameter head: the sequence number and hash of the newest record.
    package func record(after head: AuditLink) -> AuditRecord {
        AuditRecord(
            sequence: head.sequence + 1, time: record.time, type: record.type, actor: record.actor,
            subject: record.subject, familyID: record.familyID, object: record.object, address: record.address,
            userAgent: record.userAgent, outcome: record.outcome, reason: record.reason, count: record.count,
            previousHash: head.hash)
    }
}
