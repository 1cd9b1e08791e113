import SignetStore
import Synchronization

/// The folds of one process, for any number of threads.
final class BufferedEvents: Sendable {
    private let folds: Mutex<EventCoalescer>

    init(limits: AuditLimits) { folds = Mutex(EventCoalescer(budget: AuditBudget(limits: limits))) }

    func add(_ event: AuditEvent, at now: Timestamp) { folds.withLock { $0.add(event, at: now) } }

    func take(at now: Timestamp, everything: Bool, limit: Int) -> [CoalescedEvent] {
        folds.withLock { $0.take(at: now, everything: everything, limit: limit) }
    }

    func requeue(_ batch: [CoalescedEvent]) { folds.withLock { $0.requeue(batch) } }
}
