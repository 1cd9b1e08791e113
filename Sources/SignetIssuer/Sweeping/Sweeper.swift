// The folder Sweeping removes expired records and old audit records in the background. Requests do not wait for it.

package import SignetStore

/// Removes expired records and audit records beyond the log's limits, in small transactions.
///
/// A transaction ends after ``batchSize`` records or after ``longestBatch``. Between two transactions, waiting requests
/// can write.
package struct Sweeper: Sendable {
    /// Maximum number of records that one transaction removes.
    package static let batchSize = 16
    /// Number of records that a transaction removes before it checks its time limit (``longestBatch``) again.
    static let stepSize = 8
    /// Time limit of one transaction. It is checked after every ``stepSize`` records, so a transaction may take
    /// slightly longer.
    static let longestBatch = Duration.milliseconds(2)

    private let store: any Store
    private let limits: AuditLimits
    private let metrics: SweepMetrics
    private let uptime: @Sendable () -> Duration

    /// Makes a sweeper for `store`. Call ``sweep(at:)`` to remove records.
    /// - Parameters:
    ///   - limits: age and size limits of the audit log.
    ///   - uptime: reads a monotonic clock, which measures how long a transaction takes.
    package init(
        store: any Store, limits: AuditLimits = AuditLimits(), metrics: IssuerMetrics = .none,
        uptime: @escaping @Sendable () -> Duration = Duration.uptime
    ) {
        self.store = store
        self.limits = limits
        self.metrics = metrics.sweeps
        self.uptime = uptime
    }

    /// Removes expired data (sessions, marks of revoked access tokens, status list entries), and audit records beyond
    /// the log's limits.
    /// - Returns: the number of index rows of expired data that were handled, plus the number of removed audit records.
    /// - Throws: `busy` if the store's write queue is full; `storeUnavailable` if the store cannot be read or written;
    ///   `CancellationError` if the task was cancelled between two transactions. Finished transactions are not undone.
    @discardableResult
    package func sweep(at now: Timestamp) async throws -> Int {
        try await IssuerError.translating {
            let expired = try await inBatches { _ in try await store.sweep(at: now, within: batchLimit) }
            return try await expired + trimAudit(at: now)
        }
    }

    private func trimAudit(at now: Timestamp) async throws -> Int {
        guard let trimming = AuditTrimming(of: try await store.auditExtent(at: now), limits: limits, at: now) else {
            return 0
        }
        // The audit log must record every trimming, but trimming may be stopped before the last batch. So the first
        // batch writes an audit record at once. The last batch writes one record about all batches after the first.
        let first = try await trim(trimming, unrecorded: 0, recordsAlways: true, at: now)
        metrics.removed(first.handled)
        guard !first.isLast else { return first.handled }
        return try await first.handled + inBatches { before in try await trim(trimming, unrecorded: before, at: now) }
    }

    /// Removes one batch of old audit records. The last batch also writes an audit record with the number of removed
    /// records.
    /// - Parameters:
    ///   - unrecorded: number of records that earlier batches removed and that no audit record counts yet.
    ///   - recordsAlways: `true` writes the audit record even if this is not the last batch.
    private func trim(
        _ trimming: AuditTrimming, unrecorded: Int, recordsAlways: Bool = false, at now: Timestamp
    ) async throws -> BatchProgress {
        let trim = AuditTrim(before: trimming.start, at: now, downTo: trimming.byteCount)
        return try await store.trimAudit(trim, within: batchLimit) { batch, anchor in
            let count = unrecorded + batch.handled
            guard recordsAlways || batch.isLast, count > 0 else { return [] }
            let event = AuditEvent(
                .auditTrimmed, by: .issuer, object: "\(anchor.sequence)", reason: trimming.reason.rawValue)
            return [AuditChain.change(for: event, at: now, count: UInt32(clamping: count))]
        }
    }

    private var batchLimit: BatchLimit {
        BatchLimit(records: Self.batchSize, step: Self.stepSize, duration: Self.longestBatch, uptime: uptime)
    }

    /// Calls `work`, which runs one transaction, until it reports that no records are left.
    /// - Parameter work: handles one batch of records. Its argument is the number of records that earlier transactions
    ///   handled.
    /// - Returns: the number of records that all transactions handled.
    private func inBatches(_ work: (_ before: Int) async throws -> BatchProgress) async throws -> Int {
        var total = 0
        while true {
            try Task.checkCancellation()
            let batch = try await work(total)
            metrics.removed(batch.handled)
            total += batch.handled
            if batch.isLast { return total }
        }
    }
}

/// The decision whether to trim the audit log, and how far.
///
/// Each trimming writes an audit record, so trimmings should be rare. A log above its maximum size is therefore trimmed
/// to 15/16 of this size. Trimming by age starts only when the oldest record has exceeded the retention by an hour (or
/// by 1/24 of the retention, if that is shorter).
struct AuditTrimming: Sendable, Hashable {
    /// The reason in the audit record of a trimming. Raw values are stored: never change one.
    enum Reason: String, Sendable {
        case age
        case size
    }

    /// All audit records from before this time are removed.
    let start: Timestamp
    /// Of the audit records from `start` on, the oldest are removed until the log takes at most this many bytes.
    let byteCount: UInt64
    let reason: Reason

    /// Decides from the extent of the audit log whether to trim it; `nil` if nothing has to be removed at `now`.
    init?(of extent: AuditExtent, limits: AuditLimits, at now: Timestamp) {
        guard let oldest = extent.oldest else { return nil }
        let maximum = UInt64(max(0, limits.maximumBytes))
        let isTooLarge = extent.state.byteCount > maximum
        start = now - limits.retention
        guard isTooLarge || oldest < start - min(.seconds(3600), limits.retention / 24) else { return nil }
        byteCount = isTooLarge ? maximum / 16 * 15 : maximum
        reason = isTooLarge ? .size : .age
    }
}
