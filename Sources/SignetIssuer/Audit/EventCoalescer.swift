import SignetStore
import Synchronization

/// Combines equal audit events (refused requests, or replayed refresh tokens) into one record per minute. Events over
/// the rate limit of ``AuditBudget`` get no record of their own. One summary record per event type counts them.
///
/// Callers pass the time and write the records. The rate limit also bounds the number of events in memory.
struct EventCoalescer: Sendable {
    /// The minimum time between two audit records of equal events.
    static let window = Duration.seconds(60)
    /// The `reason` in a summary record. A summary record counts the events of one type that got no record of their
    /// own.
    static let summaryReason = "over_budget"

    /// Audit events with the same ``CoalescedEvent/Key``, and the time at which they must be written to the audit log.
    private struct Group {
        /// The events since the last audit record of this group; `nil` if there were none.
        var pending: CoalescedEvent?
        /// When `pending` must be written to the audit log. If there are no pending events at that time, this `Group`
        /// is removed from memory.
        var due: Timestamp
    }

    private let budget: AuditBudget
    private var refusals: TokenBucket
    private var replays: TokenBucket
    private var groups: [CoalescedEvent.Key: Group] = [:]
    private var summaries: [CoalescedEvent.Key: Group] = [:]

    init(budget: AuditBudget) {
        self.budget = budget
        refusals = TokenBucket(
            burst: AuditBudget.burst(perMinute: budget.refusedPerMinute), perMinute: budget.refusedPerMinute)
        replays = TokenBucket(
            burst: AuditBudget.burst(perMinute: budget.replayedPerMinute), perMinute: budget.replayedPerMinute)
    }

    /// The number of future audit records in memory: one for each group of equal events, and one summary record for
    /// each event type with too many events.
    var count: Int { groups.count + summaries.count }

    mutating func add(_ event: AuditEvent, at now: Timestamp) {
        let new = CoalescedEvent(event: event, first: now, count: 1)
        let key = CoalescedEvent.Key(event)
        if groups[key]?.pending != nil {
            groups[key]?.pending?.add(1)
        } else if takeToken(for: event.outcome, at: now) {
            groups[key, default: Group(due: now)].pending = new
        } else {
            let event = AuditEvent(event.type, by: .anonymous, outcome: event.outcome, reason: Self.summaryReason)
            let key = CoalescedEvent.Key(event)
            if summaries[key]?.pending != nil {
                summaries[key]?.pending?.add(1)
            } else {
                summaries[key, default: Group(due: now)].pending = CoalescedEvent(event: event, first: now, count: 1)
            }
        }
    }

    /// Removes and returns the events that must be written to the audit log now, oldest first.
    /// - Parameters:
    ///   - everything: `true` also returns events that are not due yet.
    ///   - limit: maximum number of results.
    mutating func take(at now: Timestamp, everything: Bool, limit: Int) -> [CoalescedEvent] {
        var taken: [CoalescedEvent] = []
        Self.take(&taken, from: &groups, at: now, window: Self.window, everything: everything, limit: limit)
        Self.take(
            &taken, from: &summaries, at: now, window: budget.summaryInterval, everything: everything, limit: limit)
        return taken.sorted { $0.first < $1.first }
    }

    /// Puts back events that ``take(at:everything:limit:)`` returned, if they could not be written to the store.
    mutating func requeue(_ batch: [CoalescedEvent]) {
        for event in batch {
            if event.event.reason == Self.summaryReason {
                Self.requeue(event, into: &summaries)
            } else {
                Self.requeue(event, into: &groups)
            }
        }
    }

    private mutating func takeToken(for outcome: AuditOutcome, at now: Timestamp) -> Bool {
        switch outcome {
        case .refused: refusals.take(at: now)
        case .succeeded: replays.take(at: now)
        }
    }

    private static func take(
        _ taken: inout [CoalescedEvent], from groups: inout [CoalescedEvent.Key: Group], at now: Timestamp,
        window: Duration, everything: Bool, limit: Int
    ) {
        for (key, group) in groups where taken.count < limit {
            // Without a change of the clock, `due` is at most `window` ahead. A later `due` means that the clock was
            // set back. These events are written now, because they would otherwise wait until the clock catches up.
            guard everything || group.due <= now || group.due > now + window else { continue }
            if let pending = group.pending {
                taken.append(pending)
                groups[key] = Group(due: now + window)
            } else {
                groups[key] = nil
            }
        }
    }

    /// Puts `event` back into its group, before the events that were added meanwhile. A group that was removed from
    /// memory meanwhile is made again, and is due at once.
    private static func requeue(_ event: CoalescedEvent, into groups: inout [CoalescedEvent.Key: Group]) {
        let key = CoalescedEvent.Key(event.event)
        var group = groups[key] ?? Group(due: Timestamp(milliseconds: .min))
        var merged = event
        if let pending = group.pending { merged.add(pending.count) }
        group.pending = merged
        groups[key] = group
    }
}

/// Audit events that are equal except for their time and User-Agent, combined into one audit record.
struct CoalescedEvent: Sendable, Hashable {
    /// The first of the equal events. For a summary record, an event with only the type and outcome of the counted
    /// events.
    let event: AuditEvent
    /// The time of the first of the combined events.
    let first: Timestamp
    /// Number of combined events. More than `UInt32.max` events count as `UInt32.max`.
    var count: UInt32

    mutating func add(_ more: UInt32) {
        let (sum, overflow) = count.addingReportingOverflow(more)
        count = overflow ? .max : sum
    }

    /// Events with the same key are equal. The key leaves out the User-Agent, because a caller can change it with every
    /// request.
    struct Key: Hashable, Sendable {
        private let event: AuditEvent

        init(_ event: AuditEvent) {
            self.event = AuditEvent(
                event.type, by: event.actor, subject: event.subject, family: event.familyID, object: event.object,
                from: RequestSource(address: event.source.address, device: ""), outcome: event.outcome,
                reason: event.reason)
        }
    }
}

/// An ``EventCoalescer`` (which combines equal audit events into one record) behind a lock, so that all threads can use
/// it.
final class BufferedEvents: Sendable {
    private let coalescer: Mutex<EventCoalescer>

    init(limits: AuditLimits) { coalescer = Mutex(EventCoalescer(budget: AuditBudget(limits: limits))) }

    func add(_ event: AuditEvent, at now: Timestamp) { coalescer.withLock { $0.add(event, at: now) } }

    func take(at now: Timestamp, everything: Bool, limit: Int) -> [CoalescedEvent] {
        coalescer.withLock { $0.take(at: now, everything: everything, limit: limit) }
    }

    func requeue(_ batch: [CoalescedEvent]) { coalescer.withLock { $0.requeue(batch) } }
}
