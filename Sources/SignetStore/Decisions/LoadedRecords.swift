/// The answer to a ``StoreLookup``, from one snapshot. A part that the lookup did not ask for is `nil` or empty.
package struct LoadedRecords: Sendable, Hashable {
    package var client: ClientRecord?
    package var user: UserRecord?
    /// The session's records; `nil` if there is no family with the id.
    package var session: SessionRecords?
    package var token: TokenRecords?
    /// The answer to ``StoreLookup/families``; empty if there is no user.
    package var families: [FamilyRecord] = []
    /// The answer to ``StoreLookup/liveFamilies``; `nil` if there is no user.
    package var liveFamilies: LiveFamilies?
    /// A free index; `nil` unless the lookup asked for one.
    package var statusListIndex: StatusListIndex?
    /// The answer to ``StoreLookup/auditTimes``.
    package var audit: AuditRecordsAtTimes?

    package init() {}
}

/// A family (session) and its user.
package struct SessionRecords: Sendable, Hashable {
    /// The stored family. It may be ended by a session cutoff of its user, which the family does not show:
    /// ``FamilyRecord/applyingCutoff(of:)`` tells.
    package let family: FamilyRecord
    /// The user of the family; `nil` if the user was deleted.
    package let user: UserRecord?

    package init(family: FamilyRecord, user: UserRecord?) {
        self.family = family
        self.user = user
    }
}

/// The revocation of an access token and the records of its holder.
package struct TokenRecords: Sendable, Hashable {
    /// `true` if the token was revoked individually. The records of the holder may then be missing.
    package var isRevoked: Bool
    package var user: UserRecord?
    /// The stored family of the token's session, without a session cutoff of its user; `nil` if the family or the user
    /// does not exist.
    package var family: FamilyRecord?
    package var client: ClientRecord?

    package init(isRevoked: Bool) { self.isRevoked = isRevoked }
}

/// The answer to a ``LiveFamilySearch``.
package struct LiveFamilies: Sendable, Hashable {
    /// The stored families that are neither revoked nor expired, nor ended by a session cutoff.
    package let families: [FamilyRecord]
    /// The id after which another search continues; `nil` if no live family follows. If the search ended at its read
    /// limit, it is unknown whether a live family follows.
    package let next: FamilyID?

    package init(families: [FamilyRecord], next: FamilyID?) {
        self.families = families
        self.next = next
    }
}

/// The answer to ``StoreLookup/auditTimes``.
package struct AuditRecordsAtTimes: Sendable, Hashable {
    /// The maximum number of records to load for each time.
    package static let limit = 1000

    /// The oldest record of the audit log; `nil` if the log is empty.
    package let oldest: AuditEntry?
    /// The records with each time of the lookup, at most ``limit`` for each.
    package let entries: [Timestamp: [AuditEntry]]

    package init(oldest: AuditEntry?, entries: [Timestamp: [AuditEntry]]) {
        self.oldest = oldest
        self.entries = entries
    }
}
