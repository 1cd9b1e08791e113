/// What one contestant did in one slice.
struct Sample: Sendable {
    let operations: Int
    let seconds: Double
    /// Processor time of the whole process.
    let processorSeconds: Double

    var perSecond: Double { Double(operations) / seconds }

    /// Calls `batch` until `slice` is over, with as many operations at a time as take about a millisecond.
    @concurrent
    static func taken(
        for slice: Duration, _ batch: @Sendable (Int) async throws -> Void
    ) async throws -> Sample {
        let clock = ContinuousClock()
        let processor = ProcessorTime.now()
        let start = clock.now
        var size = 1
        var operations = 0
        var elapsed = Duration.zero
        while elapsed < slice {
            let before = elapsed
            try await batch(size)
            operations += size
            elapsed = clock.now - start
            if elapsed - before < .milliseconds(1) { size *= 2 }
        }
        return Sample(
            operations: operations, seconds: elapsed / .seconds(1),
            processorSeconds: ProcessorTime.now() - processor)
    }
}
