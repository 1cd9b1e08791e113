import Testing

@testable import SignetStoreLMDB

@Suite("How long a commit waits for company")
struct CommitPacingTests {
    private static let start = ContinuousClock.now
    private static let pause = Duration.milliseconds(8)

    /// After a batch of `count` writes, the next one `milliseconds` later.
    private func decision(
        after count: Int, milliseconds: Int, waiting: Int
    ) -> (count: Int, limit: Duration)? {
        var pacing = CommitPacing(longestPause: Self.pause)
        pacing.record(count, from: Self.start)
        return pacing.pause(waiting: waiting, at: Self.start + .milliseconds(milliseconds))
    }

    @Test func `The first write of all is committed at once`() {
        #expect(CommitPacing(longestPause: Self.pause).pause(waiting: 1, at: Self.start) == nil)
    }

    @Test(arguments: [(1, 0), (1, 1), (3, 4), (10, 11), (64, 65)])
    func `Where few writes arrive, nobody waits`(count: Int, milliseconds: Int) {
        #expect(decision(after: count, milliseconds: milliseconds, waiting: 1) == nil)
    }

    @Test(arguments: [(3, 3), (10, 10), (64, 64)])
    func `Where enough arrive, a commit waits for as many as the last one carried`(count: Int, milliseconds: Int) throws
    {
        let found = try #require(decision(after: count, milliseconds: milliseconds, waiting: count - 1))
        #expect(found.count == count)
        #expect(found.limit == Self.pause)
        #expect(decision(after: count, milliseconds: milliseconds, waiting: count) == nil)
    }

    @Test func `Without a pause nobody waits`() {
        var pacing = CommitPacing(longestPause: .zero)
        pacing.record(64, from: Self.start)
        #expect(pacing.pause(waiting: 1, at: Self.start + .microseconds(1)) == nil)
    }

    @Test func `A wait ends with its time, or with an announcement that fulfils it`() throws {
        let monitor = Monitor(0)
        monitor.wait(atMost: .milliseconds(1)) { $0 > 0 }
        try WriterThread.start {
            monitor.withLock { $0 = 1 }
            monitor.announce()
        }
        monitor.wait(atMost: .seconds(3600)) { $0 > 0 }
        #expect(monitor.withLock { $0 } == 1)
    }
}
