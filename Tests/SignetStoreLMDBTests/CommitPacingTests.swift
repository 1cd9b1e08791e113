import Testing

@testable import SignetStoreLMDB

@Suite("Pause before a commit", .timeLimit(.minutes(1)))
struct CommitPacingTests {
    private static let start = ContinuousClock.now
    private static let pause = Duration.milliseconds(8)

    /// Returns the pause before the next commit; `nil` for no pause.
    /// - Parameters:
    ///   - count: the number of writes in the last batch.
    ///   - milliseconds: the time since the last batch began.
    ///   - waiting: the number of writes that wait now.
    private func decision(
        after count: Int, milliseconds: Int, waiting: Int
    ) -> (count: Int, limit: Duration)? {
        var pacing = CommitPacing(longestPause: Self.pause)
        pacing.record(count, from: Self.start)
        return pacing.pause(waiting: waiting, at: Self.start + .milliseconds(milliseconds))
    }

    @Test func `The first write is committed without a pause`() {
        #expect(CommitPacing(longestPause: Self.pause).pause(waiting: 1, at: Self.start) == nil)
    }

    @Test(arguments: [(1, 0), (1, 1), (3, 4), (10, 11), (64, 65)])
    func `There is no pause if writes arrive rarely`(count: Int, milliseconds: Int) {
        #expect(decision(after: count, milliseconds: milliseconds, waiting: 1) == nil)
    }

    @Test(arguments: [(3, 3), (10, 10), (64, 64)])
    func `If writes arrive quickly, the pause ends when the queue has as many writes as the last batch`(
        count: Int, milliseconds: Int
    ) throws {
        let found = try #require(decision(after: count, milliseconds: milliseconds, waiting: count - 1))
        #expect(found.count == count)
        #expect(found.limit == Self.pause)
        #expect(decision(after: count, milliseconds: milliseconds, waiting: count) == nil)
    }

    @Test func `There is no pause if the longest pause is zero`() {
        var pacing = CommitPacing(longestPause: .zero)
        pacing.record(64, from: Self.start)
        #expect(pacing.pause(waiting: 1, at: Self.start + .microseconds(1)) == nil)
    }

    @Test func `A wait ends at its time limit, or when its condition is announced`() throws {
        let monitor = Monitor(0)
        monitor.wait(atMost: .milliseconds(1)) { $0 > 0 }
        try WriterThread.start {
            monitor.withLock { $0 = 1 }
            monitor.announce()
        }
        monitor.wait(atMost: .seconds(30)) { $0 > 0 }
        #expect(monitor.withLock { $0 } == 1)
    }
}
