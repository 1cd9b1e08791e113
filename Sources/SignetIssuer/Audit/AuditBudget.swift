/// How many records events that change nothing may become, so that a flood of them does not push the others out.
///
/// In one retention period all of them together stay below half of the log's size limit: refusals three eighths,
/// replays a sixteenth, summaries another.
struct AuditBudget: Sendable, Hashable {
    /// What the largest record takes with its index rows, rounded up.
    private static let largestRecord = 600.0
    /// What the record of a summary takes at most, rounded up.
    private static let largestSummary = 200.0
    /// Kinds of events that may have summaries at the same time.
    private static let summaryKinds = 8.0

    /// Records a minute, of refusals and of replays, that a flood gets in the long run.
    let refusedPerMinute: Double
    let replayedPerMinute: Double
    /// The least time between two summaries of one kind.
    let summaryInterval: Duration

    init(limits: AuditLimits) {
        let minutes = Double(max(60, limits.retention.components.seconds)) / 60
        let bytes = Double(limits.maximumBytes)
        refusedPerMinute = bytes * 3 / 8 / Self.largestRecord / minutes
        replayedPerMinute = bytes / 16 / Self.largestRecord / minutes
        let summaries = bytes / 16 / Self.largestSummary / Self.summaryKinds
        summaryInterval = .milliseconds(Int64(max(60_000, minutes * 60_000 / summaries)))
    }

    /// What may be written at once after a quiet time: a day's worth.
    static func burst(perMinute rate: Double) -> Double { min(10_000, max(16, rate * 1440)) }
}
