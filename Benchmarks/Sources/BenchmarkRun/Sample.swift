import Glibc

/// The operations that one contestant (a compared piece of work) did in one time slice, and the time that they took.
package struct Sample: Sendable {
    package let operations: Int
    package let seconds: Double
    /// Processor time of the whole process, in seconds.
    package let processorSeconds: Double

    package init(operations: Int, seconds: Double, processorSeconds: Double) {
        self.operations = operations
        self.seconds = seconds
        self.processorSeconds = processorSeconds
    }

    /// Operations per second of wall time.
    package var perSecond: Double { Double(operations) / seconds }

    /// Processor time of one operation in microseconds, summed over all threads of the process.
    package var processorMicroseconds: Double { processorSeconds * 1e6 / Double(operations) }

    /// Runs `work` in `tasks` concurrent tasks for the time `slice`, and counts the operations of all tasks.
    /// - Parameter work: returns its number of operations. It must return soon after `clock.isOver` becomes true.
    @concurrent
    static func taken(
        for slice: Duration, tasks: Int,
        _ work: @escaping @Sendable (_ task: Int, _ clock: SliceClock) async throws -> Int
    ) async throws -> Sample {
        let clock = SliceClock(slice: slice)
        let processor = ProcessorTime.now()
        let operations = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks { group.addTask { try await work(task, clock) } }
            return try await group.reduce(0, +)
        }
        return Sample(
            operations: operations, seconds: clock.elapsed / .seconds(1),
            processorSeconds: ProcessorTime.now() - processor)
    }
}

/// A clock that starts when it is created and tells whether the time `slice` has passed.
struct SliceClock: Sendable {
    private let start = ContinuousClock.now
    private let slice: Duration

    init(slice: Duration) { self.slice = slice }

    var elapsed: Duration { ContinuousClock.now - start }
    var isOver: Bool { elapsed >= slice }

    /// Calls `batch` until the slice is over, and returns the total number of operations. The argument of `batch` is
    /// the number of operations to do. This number starts at 1 and doubles until a call takes at least a millisecond.
    func batches(_ batch: @Sendable (Int) async throws -> Void) async throws -> Int {
        var (size, operations, last) = (1, 0, Duration.zero)
        while last < slice {
            let before = last
            try await batch(size)
            operations += size
            last = elapsed
            if last - before < .milliseconds(1) { size *= 2 }
        }
        return operations
    }
}

package enum ProcessorTime {
    /// Processor time of this process in seconds, summed over all its threads.
    package static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    /// Processor time in seconds of all child processes that have ended.
    package static func ofChildren() -> Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }
}
