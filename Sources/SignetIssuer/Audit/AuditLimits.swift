import SignetStore

/// The age and size limits of the audit log. If a limit is exceeded, a background sweep removes the oldest records.
package struct AuditLimits: Sendable, Hashable {
    /// Maximum age of a record. Default: 90 days.
    package var retention: Duration
    /// Maximum size of all records in bytes. Default: 256 MiB, about a million records.
    package var maximumBytes: Int

    package init(retention: Duration = .seconds(90 * 86_400), maximumBytes: Int = 256 << 20) {
        self.retention = retention
        self.maximumBytes = maximumBytes
    }
}

/// Limits how many audit records refused requests and replayed refresh tokens may write, so that a flood of them does
/// not displace other records.
///
/// In one retention period (the maximum age of a record), records about refusals take at most 3/8 of the log's maximum
/// size, and records about replays 1/16. Events over these limits get no record of their own. Summary records count
/// them, and take at most 1/16 of the maximum size.
struct AuditBudget: Sendable, Hashable {
    /// Upper bound for the size of a record and its index rows, in bytes.
    private static let largestRecord = 600.0
    /// Upper bound for the size of a summary record, in bytes. A summary record counts events that got no record of
    /// their own, because there were too many.
    private static let largestSummary = 200.0
    /// Upper bound for the number of event types that have summary records. A summary record counts the events that got
    /// no record of their own, because there were too many.
    private static let summaryTypes = 8.0

    /// Maximum long-term rate of audit records about refused requests, per minute.
    let refusedPerMinute: Double
    /// Maximum long-term rate of audit records about replayed refresh tokens, per minute.
    let replayedPerMinute: Double
    /// Minimum time between two summary records of one event type. A summary record counts the events that got no
    /// record of their own, because there were too many.
    let summaryInterval: Duration

    init(limits: AuditLimits) {
        let minutes = Double(max(60, limits.retention.components.seconds)) / 60
        let bytes = Double(limits.maximumBytes)
        refusedPerMinute = bytes * 3 / 8 / Self.largestRecord / minutes
        replayedPerMinute = bytes / 16 / Self.largestRecord / minutes
        let summaries = bytes / 16 / Self.largestSummary / Self.summaryTypes
        summaryInterval = .milliseconds(Int64(max(60_000, minutes * 60_000 / summaries)))
    }

    /// Capacity of a token bucket that refills at `rate`: one day's tokens, but at least 16 and at most 10,000.
    static func burst(perMinute rate: Double) -> Double { min(10_000, max(16, rate * 1440)) }
}

/// A token bucket: limits a long-term rate and allows bursts.
struct TokenBucket: Sendable {
    private let burst: Double
    private let perMinute: Double
    private var tokens: Double
    private var updated: Timestamp?

    /// Creates a full bucket.
    /// - Parameters:
    ///   - burst: capacity in tokens.
    ///   - perMinute: how many tokens are added per minute.
    init(burst: Double, perMinute: Double) {
        self.burst = burst
        self.perMinute = perMinute
        tokens = burst
    }

    /// Takes one token.
    /// - Returns: `false` if the bucket is empty.
    mutating func take(at now: Timestamp) -> Bool {
        // If the clock was set back, this call adds no tokens, and the next call measures from the new time.
        let elapsed = updated.map { max(.zero, now.since($0)) } ?? .zero
        updated = now
        tokens = min(burst, tokens + elapsed / .seconds(60) * perMinute)
        // The tolerance of 1e-9 allows for rounding: ten additions of 0.1 give slightly less than 1 in binary.
        guard tokens >= 1 - 1e-9 else { return false }
        tokens = max(0, tokens - 1)
        return true
    }
}
