/// Audit records and the state of the log, read in one snapshot.
///
/// The records may be damaged, because their stored bytes are not decoded. ``AuditEntry/record()`` decodes them.
package struct AuditPage: Sendable, Hashable {
    package let entries: [AuditEntry]
    package let state: AuditState

    package init(entries: [AuditEntry], state: AuditState) {
        self.entries = entries
        self.state = state
    }
}

/// Which audit records to read, and in which order.
package enum AuditSelection: Sendable, Hashable {
    /// Records with a higher sequence number, in ascending order of sequence number; 0 for all.
    case after(UInt64)
    /// Records about one account with a lower sequence number, in descending order of sequence number; `.max` for all.
    case about(UserID, before: UInt64)
    /// Records of a time span, both ends inclusive, in descending order of time and then of sequence number. Of the
    /// records whose time equals the end of the span, only those with a lower sequence number; `.max` for all.
    case during(ClosedRange<Timestamp>, before: UInt64)
}

/// The state of the audit log and the time of its oldest record, read in one snapshot.
package struct AuditExtent: Sendable, Hashable {
    package let state: AuditState
    /// The time of the first record whose time is not in the future; `nil` for an empty log. See
    /// ``StoreReader/oldestAuditTime(at:)``.
    package let oldest: Timestamp?

    package init(state: AuditState, oldest: Timestamp?) {
        self.state = state
        self.oldest = oldest
    }
}
