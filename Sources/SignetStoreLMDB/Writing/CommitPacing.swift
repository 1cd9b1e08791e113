/// Decides how long the writer waits for company before it commits.
///
/// Making a commit durable costs the same for one write as for a hundred. Where few writes arrive, each is committed at
/// once. Where they arrive so quickly that a short pause gathers many, the pause costs each a little time and saves the
/// machine many commits.
struct CommitPacing {
    /// So many writes have to be likely to arrive within the longest pause, or there is none.
    static let worthwhileWrites = 8.0

    private let longestPause: Duration
    /// How many writes the last commit carried, and when it began to gather them.
    private var last: (count: Int, start: ContinuousClock.Instant)?

    init(longestPause: Duration) { self.longestPause = longestPause }

    /// What to wait for: until so many writes are there, or the time is over; `nil` to commit what there is.
    /// - Parameter waiting: how many writes are there.
    func pause(waiting: Int, at now: ContinuousClock.Instant) -> (count: Int, limit: Duration)? {
        // Once as many are there as last time, all who were answered then have come again.
        guard let last, waiting < last.count, last.start < now else { return nil }
        let expected = Double(last.count) * (longestPause / (now - last.start))
        return expected >= Self.worthwhileWrites ? (last.count, longestPause) : nil
    }

    /// Takes note of a batch.
    /// - Parameter start: when its first write was found waiting.
    mutating func note(_ count: Int, from start: ContinuousClock.Instant) {
        last = (count, start)
    }
}
