/// One security event. Never changed once it is written; removed from the old end only.
package struct AuditRecord: Sendable, Hashable {
    /// 1 for the first record of a store, and one more for each: no number is missing.
    package let sequence: UInt64
    /// When it happened; of several that were folded into this record, when the first did.
    package let time: Timestamp
    package let type: AuditType
    package let actor: AuditActor
    /// The account that it is about, be it deleted since; `nil` when there is none, or none is known.
    package let subject: UserID?
    package let familyID: FamilyID?
    /// What else it is about: a client's id, a key's `kid`, a token's `jti`. At most 64 bytes; empty for nothing.
    package let object: String
    /// Network address of the caller, at most 64 bytes; empty when there is none.
    package let address: String
    /// What the caller says it is, at most 200 bytes; empty when it says nothing.
    package let userAgent: String
    package let outcome: AuditOutcome
    /// A stable code in lower case, at most 32 bytes; empty where type and outcome say everything.
    package let reason: String
    /// How many alike happened within a minute, or how many records it is about; at least 1.
    package let count: UInt32
    /// The hash of the record before: 32 bytes, zeros for the first one.
    package let previousHash: [UInt8]

    package init(
        sequence: UInt64, time: Timestamp, type: AuditType, actor: AuditActor, subject: UserID? = nil,
        familyID: FamilyID? = nil, object: String = "", address: String = "", userAgent: String = "",
        outcome: AuditOutcome = .succeeded, reason: String = "", count: UInt32 = 1, previousHash: [UInt8]
    ) {
        self.sequence = sequence
        self.time = time
        self.type = type
        self.actor = actor
        self.subject = subject
        self.familyID = familyID
        self.object = object
        self.address = address
        self.userAgent = userAgent
        self.outcome = outcome
        self.reason = reason
        self.count = count
        self.previousHash = previousHash
    }
}
