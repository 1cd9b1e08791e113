package import SignetStore

/// An event as the audit log holds it.
package struct RecordedEvent: Sendable, Hashable {
    /// 1 for the first record of the log, then 2, 3, …
    package let sequence: UInt64
    /// When the event happened. If the record stands for several events, when the first of them happened.
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
