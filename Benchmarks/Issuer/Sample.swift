import Glibc

/// What one contestant did in one slice.
struct Sample: Sendable {
    let operations: Int
    let seconds: Double
    /// Processor time of the whole process.
    let processorSeconds: Double

    var perSecond: Double { Double(operations) / seconds }
    var processorMicroseconds: Double { processorSeconds * 1e6 / Double(operations) }

    /// Lets `tasks` tasks call `work` until `slice` is over; `work` returns how many operations it did.
    @concurrent
    static func taken(
        for slice: Duration, tasks: Int, _ work: @escaping @Sendable (_ task: Int) async throws -> Int
    ) async throws -> Sample {
        let clock = ContinuousClock()
        let processor = processorTime()
        let start = clock.now
        let operations = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var operations = 0
                    while clock.now - start < slice { operations += try await work(task) }
                    return operations
                }
            }
            return try await group.reduce(0, +)
        }
        return Sample(
            operations: operations, seconds: (clock.now - start) / .seconds(1),
            processorSeconds: processorTime() - processor)
    }

    private static func processorTime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
