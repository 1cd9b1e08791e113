/// Decides how long the writer waits for more writes before it commits.
///
/// A durable commit takes as long for one write as for a hundred. If writes arrive rarely, each is committed at once.
/// If they arrive quickly, a short pause gathers many writes into one commit: each write waits a little longer, and the
/// disk does much less work.
struct CommitPacing {
    /// The writer pauses only if at least so many writes are expected within the longest pause.
    static let worthwhileWrites = 8.0

    private let longestPause: Duration
    /// The size of the last batch, and when its first write was found waiting.
    private var last: (count: Int, start: ContinuousClock.Instant)?

    init(longestPause: Duration) { self.longestPause = longestPause }

    /// Decides about a pause before the next commit.
    /// - Parameter waiting: the number of writes that are waiting now.
    /// - Returns: the number of waiting writes at which the pause ends, and its longest time; `nil` to commit at once.
    func pause(waiting: Int, at now: ContinuousClock.Instant) -> (count: Int, limit: Duration)? {
        // As many writes as last time: every caller of the last batch has probably come back with its next write.
        guard let last, waiting < last.count, last.start < now else { return nil }
        let expected = Double(last.count) * (longestPause / (now - last.start))
        return expected >= Self.worthwhileWrites ? (last.count, longestPause) : nil
    }

    /// Records the size of a batch, from which the next decision is made.
    /// - Parameter start: when the first write of the batch was found waiting.
    mutating func record(_ count: Int, from start: ContinuousClock.Instant) {
        last = (count, start)
    }
}
