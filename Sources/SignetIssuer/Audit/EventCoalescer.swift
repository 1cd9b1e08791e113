import SignetStore

/// Folds events that changed nothing: those alike become one record a minute, and what exceeds the budget becomes a
/// count in the summary of its kind. A value without a clock or a store; its memory is bounded by the budget's burst.
struct EventCoalescer: Sendable {
    /// Of those alike, one record in so long.
    static let window = Duration.seconds(60)
    /// The reason that a summary gives.
    static let summaryReason = "over_budget"

    /// Events alike since they were last written.
    private struct Open {
        var pending: CoalescedEvent?
        /// When what is pending is written, or the fold closed when nothing is.
        var due: Timestamp
    }

    private let budget: AuditBudget
    private var refused: TokenBucket
    private var replayed: TokenBucket
    private var open: [CoalescedEvent.Key: Open] = [:]
    private var summaries: [CoalescedEvent.Key: Open] = [:]

    init(budget: AuditBudget) {
        self.budget = budget
        refused = TokenBucket(
            burst: AuditBudget.burst(perMinute: budget.refusedPerMinute), perMinute: budget.refusedPerMinute)
        replayed = TokenBucket(
            burst: AuditBudget.burst(perMinute: budget.replayedPerMinute), perMinute: budget.replayedPerMinute)
    }

    /// How many folds are open, summaries included.
    var count: Int { open.count + summaries.count }

    /// Adds one event.
    mutating func add(_ event: AuditEvent, at now: Timestamp) {
        add(CoalescedEvent(event: event, first: now, count: 1), at: now)
    }

    /// Removes and returns what is to be written at `now`, `limit` folds at most.
    /// - Parameter everything: whether to return as well what is not due yet.
    mutating func take(at now: Timestamp, everything: Bool, limit: Int) -> [CoalescedEvent] {
        var taken: [CoalescedEvent] = []
        Self.take(&taken, from: &open, at: now, window: Self.window, everything: everything, limit: limit)
        Self.take(
            &taken, from: &summaries, at: now, window: budget.summaryInterval, everything: everything, limit: limit)
        return taken.sorted { $0.first < $1.first }
    }

    /// Takes back what could not be written.
    mutating func requeue(_ batch: [CoalescedEvent]) {
        for fold in batch {
            let key = CoalescedEvent.Key(fold.event)
            if fold.event.reason == Self.summaryReason {
                Self.restore(fold, under: key, in: &summaries)
            } else {
                Self.restore(fold, under: key, in: &open)
            }
        }
    }
}

extension EventCoalescer {
    private mutating func add(_ fold: CoalescedEvent, at now: Timestamp) {
        let key = CoalescedEvent.Key(fold.event)
        if open[key]?.pending != nil {
            open[key]?.pending?.add(fold.count)
        } else if mayOpen(fold.event.outcome, at: now) {
            open[key, default: Open(due: now)].pending = fold
        } else {
            let summary = CoalescedEvent(
                event: AuditEvent(
                    fold.event.type, by: .anonymous, outcome: fold.event.outcome, reason: Self.summaryReason),
                first: fold.first, count: fold.count)
            Self.restore(summary, under: CoalescedEvent.Key(summary.event), in: &summaries, due: now)
        }
    }

    private mutating func mayOpen(_ outcome: AuditOutcome, at now: Timestamp) -> Bool {
        switch outcome {
        case .refused: refused.take(at: now)
        case .succeeded: replayed.take(at: now)
        }
    }

    private static func take(
        _ taken: inout [CoalescedEvent], from folds: inout [CoalescedEvent.Key: Open], at now: Timestamp,
        window: Duration,
        everything: Bool, limit: Int
    ) {
        for (key, fold) in folds where taken.count < limit {
            // A due time beyond the window was set by a clock that has stepped back since.
            guard everything || fold.due <= now || fold.due > now + window else { continue }
            if let pending = fold.pending {
                taken.append(pending)
                folds[key] = Open(due: now + window)
            } else {
                folds[key] = nil
            }
        }
    }

    /// Adds a fold to what is pending under `key`.
    /// - Parameter due: for a fold that is not open.
    private static func restore(
        _ fold: CoalescedEvent, under key: CoalescedEvent.Key, in folds: inout [CoalescedEvent.Key: Open],
        due: Timestamp = Timestamp(milliseconds: .min)
    ) {
        var entry = folds[key] ?? Open(due: due)
        var pending = fold
        if let other = entry.pending { pending.add(other.count) }
        entry.pending = pending
        folds[key] = entry
    }
}
