import SignetStore

/// Events alike that become one record.
struct CoalescedEvent: Sendable, Hashable {
    /// The first of them.
    let event: AuditEvent
    /// When that was.
    let first: Timestamp
    /// How many they are.
    var count: UInt32

    /// What folds go by: everything but what the caller calls itself, which it may change with every request.
    struct Key: Hashable, Sendable {
        private let event: AuditEvent

        init(_ event: AuditEvent) {
            self.event = AuditEvent(
                event.type, by: event.actor, subject: event.subject, family: event.familyID, object: event.object,
                from: RequestSource(address: event.source.address, device: ""), outcome: event.outcome,
                reason: event.reason)
        }
    }

    mutating func add(_ more: UInt32) {
        let (sum, overflow) = count.addingReportingOverflow(more)
        count = overflow ? .max : sum
    }
}
