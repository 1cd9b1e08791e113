/// Decides how long the writer waits for more writes before it commits.
///
/// A durable commit of one write takes as long as a commit of a hundred writes. If writes arrive rarely, the writer
/// commits each write at once. If writes arrive quickly, the writer pauses briefly before a commit, to put many writes
/// into it.
struct CommitPacing {
    /// The writer pauses only if it expects at least this many writes within the longest pause. With fewer writes, a
    /// pause would delay them and gain little.
    static let worthwhileWrites = 8.0

    private let longestPause: Duration
    /// The last batch: its number of writes, and the time at which the writer found the first of them. `nil` before the
    /// first batch.
    private var last: (count: Int, start: ContinuousClock.Instant)?

    init(longestPause: Duration) { self.longestPause = longestPause }

    /// Decides whether to pause before the next commit.
    /// - Parameter waiting: the number of writes that are waiting now.
    /// - Returns: `nil` to commit at once. Otherwise, pause until `count` writes are waiting, but no longer than
    ///   `limit`.
    func pause(waiting: Int, at now: ContinuousClock.Instant) -> (count: Int, limit: Duration)? {
        // If at least as many writes are waiting as the last commit had, commit at once: probably every caller of that
        // commit has already sent its next write, and a pause would gain nothing.
        guard let last, waiting < last.count, last.start < now else { return nil }
        let expected = Double(last.count) * (longestPause / (now - last.start))
        return expected >= Self.worthwhileWrites ? (last.count, longestPause) : nil
    }

    /// Records the size of a batch. ``pause(waiting:at:)`` uses it for the next decision.
    /// - Parameter start: the time at which the writer found the first write of the batch.
    mutating func record(_ count: Int, from start: ContinuousClock.Instant) {
        last = (count, start)
    }
}
