package import SignetStore

/// A security event: who did what to which account, from where, and whether it was refused.
package struct AuditEvent: Sendable, Hashable {
    package let type: AuditType
    package let actor: AuditActor
    /// The account that the event is about; `nil` if there is no account or it is unknown.
    package let subject: UserID?
    package let familyID: FamilyID?
    /// What the event is about beside the account, such as the id of a client, the `kid` of a key or the `jti` of a
    /// token. At most 64 bytes; empty if there is nothing to name.
    package let object: String
    package let source: RequestSource
    package let outcome: AuditOutcome
    /// Why the event happened: a stable code in lower case, at most 32 bytes. Empty if type and outcome are enough.
    package let reason: String

    /// Creates an event. An `object` of more than 64 bytes is cut to 64 bytes.
    package init(
        _ type: AuditType, by actor: AuditActor, subject: UserID? = nil, family: FamilyID? = nil, object: String = "",
        from source: RequestSource = .unknown, outcome: AuditOutcome = .succeeded, reason: String = ""
    ) {
        self.type = type
        self.actor = actor
        self.subject = subject
        familyID = family
        // The store refuses an object of more than 64 bytes, and with it the whole transaction. `RequestSource` cuts an
        // address to 64 bytes, so this line passes the object as an address.
        self.object = RequestSource(address: object, device: "").address
        self.source = source
        self.outcome = outcome
        self.reason = reason
    }
}

/// An event as the audit log holds it, with its sequence number and time.
package struct RecordedEvent: Sendable, Hashable {
    /// The sequence number: 1 for the first record of the log, then 2, 3, …
    package let sequence: UInt64
    /// When the event happened. If the record stands for several equal events, when the first of them happened.
    package let time: Timestamp
    package let event: AuditEvent
    /// How many events the record stands for, at least 1.
    package let count: UInt32

    init(_ record: AuditRecord) {
        sequence = record.sequence
        time = record.time
        event = AuditEvent(
            record.type, by: record.actor, subject: record.subject, family: record.familyID, object: record.object,
            from: RequestSource(address: record.address, device: record.userAgent), outcome: record.outcome,
            reason: record.reason)
        count = record.count
    }
}
