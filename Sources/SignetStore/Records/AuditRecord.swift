/// One security event in the audit log. A stored record is never changed, but the oldest records are removed when they
/// are too old or the log is too large.
package struct AuditRecord: Sendable, Hashable {
    /// The sequence number: 1 for the first record of a store, then 2, 3, … without gaps.
    package let sequence: UInt64
    /// The time of the event. If the record stands for several equal events, the time of the first event.
    package let time: Timestamp
    package let type: AuditType
    package let actor: AuditActor
    /// The account that the event is about, even if the account was deleted later; `nil` if there is no account or the
    /// account is unknown.
    package let subject: UserID?
    package let familyID: FamilyID?
    /// What the event is about, besides the account: the id of a client, the `kid` of a key or the `jti` of a token. At
    /// most 64 bytes; empty for other events.
    package let object: String
    /// Network address of the caller, at most 64 bytes; empty if no address is known.
    package let address: String
    /// User-Agent of the caller, at most 200 bytes; empty if the caller sent none.
    package let userAgent: String
    package let outcome: AuditOutcome
    /// Why the event happened: a code in lower case that never changes, at most 32 bytes. Empty if the type and the
    /// outcome of the event say enough.
    package let reason: String
    /// How many equal events this record stands for, at least 1. Exception: a record of the type `auditTrimmed` gives
    /// the number of removed audit records.
    package let count: UInt32
    /// The hash of the previous record, 32 bytes; zeros in the first record.
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

/// The actor of an audit event.
package enum AuditActor: Sendable, Hashable {
    /// A caller who did not authenticate.
    case anonymous
    case user(UserID)
    case client(ClientID)
    /// A person at the command line of the issuer's machine.
    case `operator`
    /// The issuer itself, for example when it rotates a key.
    case issuer
}

/// The outcome of an audit event. The raw values are stored, so they must never change.
package enum AuditOutcome: UInt8, Sendable, CaseIterable {
    case succeeded = 1
    case refused = 2
}

/// An audit record in encoded form. The hash of the record is computed from these bytes, and the next record contains
/// that hash.
package struct AuditEntry: Sendable, Hashable {
    package let sequence: UInt64
    /// The bytes that the store holds for the record. They equal ``AuditRecord/encoded()`` unless the store is damaged.
    package let bytes: [UInt8]

    package init(sequence: UInt64, bytes: [UInt8]) {
        self.sequence = sequence
        self.bytes = bytes
    }

    /// Decodes the record.
    /// - Throws: ``StoreError/Code/corrupt`` if the bytes are damaged; ``StoreError/Code/newerVersion`` if a newer
    ///   version of Signet wrote them.
    package func record() throws(StoreError) -> AuditRecord { try AuditRecord(sequence: sequence, encoded: bytes) }
}
