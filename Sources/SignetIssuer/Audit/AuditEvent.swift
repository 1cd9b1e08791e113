package import SignetStore

/// A security event that is to be recorded; what the record says besides its time and its place in the chain.
package struct AuditEvent: Sendable, Hashable {
    package let type: AuditType
    package let actor: AuditActor
    /// The account that it is about.
    package let subject: UserID?
    package let familyID: FamilyID?
    /// A client's id, a key's `kid` or a token's `jti`; cut to 64 bytes.
    package let object: String
    package let source: RequestSource
    package let outcome: AuditOutcome
    /// A stable code in lower case, at most 32 bytes; empty where type and outcome say everything.
    package let reason: String

    package init(
        _ type: AuditType, by actor: AuditActor, subject: UserID? = nil, family: FamilyID? = nil, object: String = "",
        from source: RequestSource = .unknown, outcome: AuditOutcome = .succeeded, reason: String = ""
    ) {
        self.type = type
        self.actor = actor
        self.subject = subject
        familyID = family
        // Anything else would have to be refused where it is written, and the change with it.
        self.object = RequestSource(address: object, device: "").address
        self.source = source
        self.outcome = outcome
        self.reason = reason
    }
}
