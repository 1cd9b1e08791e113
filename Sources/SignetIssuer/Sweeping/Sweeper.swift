package import SignetStore

/// Removes what has expired, a little at a time, so that the writer is never held up.
///
/// A batch is one transaction. It ends after ``batchSize`` records, or when ``longestBatch`` is over; between two
/// batches everyone who waits for the writer has a turn.
package struct Sweeper: Sendable {
    /// Most records that one transaction removes.
    package static let batchSize = 16
    /// Records that are removed between two looks at the clock.
    static let stepSize = 8
    /// After so long a batch takes no further step; the last step may end a little later.
    static let longestBatch = Duration.milliseconds(2)

    private let store: any Store
    private let limits: AuditLimits
    private let metrics: SweepMetrics
    private let uptime: @Sendable () -> Duration

    /// - Parameters:
    ///   - limits: of the audit log.
    ///   - uptime: a clock that only goes forward.
    package init(
        store: any Store, limits: AuditLimits = AuditLimits(), metrics: IssuerMetrics = .none,
        uptime: @escaping @Sendable () -> Duration = Duration.uptime
    ) {
        self.store = store
        self.limits = limits
        self.metrics = metrics.sweeps
        self.uptime = uptime
    }

    /// Removes everything whose time has passed at `now`: families, revoked token ids, audit records beyond the log's
    /// limits.
    /// - Returns: how many index entries and audit records were handled.
    /// - Throws: `busy`, `storeUnavailable`, `CancellationError` between two batches. What was removed stays removed.
    @discardableResult
    package func sweep(at now: Timestamp) async throws -> Int {
        try await IssuerError.translating {
            let expired = try await inBatches { writer, _ in
                try batch { try writer.sweep(at: now, limit: Self.stepSize) }
            }
            return try await expired + trimAudit(at: now)
        }
    }

    private func trimAudit(at now: Timestamp) async throws -> Int {
        let trimming = try store.read { reader in
            try AuditTrimming(
                of: reader.auditState(), oldest: reader.oldestAuditTime(at: now), limits: limits, at: now)
        }
        guard let trimming else { return 0 }
        // The first batch is told of at once, should it be all that gets done, and those behind it with the last one.
        let first = try await store.write { try trim(trimming, untold: 0, tells: true, at: now, in: $0) }
        metrics.removed(first.handled)
        guard !first.isLast else { return first.handled }
        return try await first.handled
            + inBatches { writer, before in try trim(trimming, untold: before, at: now, in: writer) }
    }

    /// Trims one batch.
    /// - Parameters:
    ///   - untold: how many records went before, of which no record tells yet.
    ///   - tells: whether to tell of it though it may not be the last.
    private func trim(
        _ trimming: AuditTrimming, untold: Int, tells: Bool = false, at now: Timestamp, in writer: any StoreWriter
    ) throws -> Batch {
        let batch = try batch {
            try writer.trimAudit(
                before: trimming.start, at: now, downTo: trimming.byteCount, limit: Self.stepSize)
        }
        let count = untold + batch.handled
        if (tells || batch.isLast) && count > 0 {
            let event = AuditEvent(
                .auditTrimmed, by: .issuer, object: "\(try writer.auditState().anchor.sequence)",
                reason: trimming.reason.rawValue)
            try AuditChain.append(event, at: now, count: UInt32(clamping: count), in: writer)
        }
        return batch
    }

    private typealias Batch = (handled: Int, isLast: Bool)

    /// Runs `work`, which is told how many records were handled before, until it says that this was the last batch.
    private func inBatches(_ work: @escaping @Sendable (any StoreWriter, Int) throws -> Batch) async throws -> Int {
        var total = 0
        while true {
            try Task.checkCancellation()
            let before = total
            let batch = try await store.write { try work($0, before) }
            metrics.removed(batch.handled)
            total += batch.handled
            if batch.isLast { return total }
        }
    }

    /// Repeats `step`, which handles ``stepSize`` records unless fewer are left, as long as a batch may last.
    private func batch(_ step: () throws -> Int) rethrows -> Batch {
        let end = uptime() + Self.longestBatch
        var handled = 0
        repeat {
            let count = try step()
            handled += count
            if count < Self.stepSize { return (handled, true) }
        } while handled + Self.stepSize <= Self.batchSize && uptime() < end
        return (handled, false)
    }
}
