import SignetStore
import SignetStoreLMDB
import TestSupport
import Testing

@Suite("A store survives a power failure", .timeLimit(.minutes(10)))
struct PowerFailureTests {
    /// The number of users that `store-process log` writes before it opens the store again and writes one more user.
    private static let count = 8

    private static let outcomes: [DiskLog.Unsynchronized] =
        [.lost, .kept] + (1...3).map { .mixed(seed: $0 &* 0x9E37_79B9_7F4A_7C15) }

    @Test func `Every acknowledged write is found after a power failure at any time`() throws {
        let directory = TemporaryDirectory()
        let log = try log(in: directory)
        #expect(log.marks(before: log.entries.count) == (1...Self.count + 1).map(String.init))
        for end in 0...log.entries.count {
            for outcome in Self.outcomes {
                let fault = try fault(in: log, after: end, outcome)
                #expect(fault == nil, "after \(end) entries, unsynchronized changes \(outcome)")
            }
        }
    }

    @Test func `A creation that was killed at any time does not endanger later writes`() throws {
        let whole = TemporaryDirectory()
        let entries = try log(in: whole).entries
        let firstWrite = try #require(entries.firstIndex(of: .mark("1")))
        for killAfter in 1...firstWrite {
            let directory = TemporaryDirectory()
            _ = try log(in: directory, killAfter: killAfter)
            let log = try log(in: directory)
            #expect(log.marks(before: log.entries.count).last == "\(Self.count + 1)")
            let fault = try fault(in: log, after: log.entries.count, .lost)
            #expect(fault == nil, "the first process was killed after \(killAfter) entries")
        }
    }

    @Test func `Writes are lost if the disk ignores every request to synchronize`() throws {
        let directory = TemporaryDirectory()
        var log = try log(in: directory)
        log.entries.removeAll { if case .synchronize = $0 { true } else { false } }
        #expect(try fault(in: log, after: log.entries.count, .lost) != nil)
    }

    /// Runs `store-process log`, which writes users to a store and writes its disk operations to a log. Returns the log
    /// entries of all runs in `directory` so far.
    /// - Parameter killAfter: the number of log entries after which the process is killed; 0 for never.
    private func log(in directory: TemporaryDirectory, killAfter: Int = 0) throws -> DiskLog {
        let root = directory.path("root")
        try directory.makeDirectory("root")
        let child = try StoreChildProcess("log", root, Self.count, killAfter)
        let status = child.status()
        #expect(killAfter > 0 || status == 0)
        return try DiskLog(path: "\(root).log")
    }

    /// Restores the disk as a power failure after the first `end` entries of `log` leaves it, and opens the store.
    /// - Parameter outcome: whether changes without a later `fsync` are lost, kept, or lost at random.
    /// - Returns: a description of the fault; `nil` if the store has every acknowledged user and at most one user more.
    private func fault(in log: DiskLog, after end: Int, _ outcome: DiskLog.Unsynchronized) throws -> String? {
        let acknowledged = log.marks(before: end).compactMap { Int($0) }.max() ?? 0
        let directory = TemporaryDirectory()
        try log.restore(after: end, outcome, to: directory.path)
        let store: LMDBStore
        do {
            store = try LMDBStore.open(path: "\(directory.path)/a/b")
        } catch {
            return "\(error)"
        }
        defer { store.close() }
        let found = try store.read { reader throws in
            try (1...Self.count + 1).filter { try reader.user(email: "\($0)@example.com") != nil }
        }
        guard found == Array(1..<found.count + 1), (acknowledged...acknowledged + 1).contains(found.count) else {
            return "acknowledged \(acknowledged), found \(found)"
        }
        return nil
    }
}
