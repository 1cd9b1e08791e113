import SignetStore
import Synchronization

/// The folds of one process, for any number of threads.
final class NotedEvents: Sendable {
    private let folds: Mutex<AuditFolds>

    init(limits: AuditLimits) { folds = Mutex(AuditFolds(budget: AuditBudget(limits: limits))) }

    func add(_ event: AuditEvent, at now: Timestamp) { folds.withLock { $0.add(event, at: now) } }

    func take(at now: Timestamp, everything: Bool, limit: Int) -> [AuditFold] {
        folds.withLock { $0.take(at: now, everything: everything, limit: limit) }
    }

    func giveBack(_ batch: [AuditFold]) { folds.withLock { $0.giveBack(batch) } }
}
