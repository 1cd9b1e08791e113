import BenchmarkRun
import Foundation

/// The results of a run, as a table or as JSON.
struct Report: Encodable {
    struct Row: Encodable {
        let name: String
        let detail: String
        /// Verifications per second of wall time: the median over the rounds. The next two properties are the
        /// quartiles.
        let perSecond: Double
        let lowerQuartile: Double
        let upperQuartile: Double
        /// This contestant's verifications per second, divided by those of the floor (a C loop that calls only
        /// libcrypto). The value is the median over the rounds; 1 means as fast as the floor.
        let ofFloor: Double
        /// Processor time of one verification in microseconds, summed over all threads: the median over the rounds.
        let processorMicroseconds: Double
        /// The floor's processor time per verification, divided by that of this contestant. Both are medians over the
        /// rounds; 1 means equal cost.
        let ofFloorByProcessorTime: Double
        /// How many times faster this contestant is than one task that does the same work: the median over the rounds.
        /// `nil` if the contestant has only one task.
        let ofOneTask: Double?
        /// The same speed-up as ``ofOneTask``, but estimated from processor time: N × t1 / tN. N is the number of
        /// tasks, t1 the processor time of a verification in one task, and tN its processor time in N tasks.
        let ofOneTaskByProcessorTime: Double?
    }

    struct Dropped: Encodable {
        let name: String
        let reason: String
    }

    private static let columns = Columns(-30, 11, 19, 9, 8, 9)

    let tokenBytes: Int
    let rounds: Int
    let sliceMilliseconds: Double
    let processors: Int
    let rows: [Row]
    let dropped: [Dropped]

    init(_ run: InterleavedRun, fixture: Fixture, rounds: Int, slice: Duration) {
        let floor = run.contestants[0].name
        rows = run.contestants.map { contestant in
            let name = contestant.name
            let single = contestant.single.flatMap { run.samples($0).isEmpty ? nil : $0 }
            return Row(
                name: name, detail: contestant.detail, perSecond: run.median(name, \.perSecond),
                lowerQuartile: run.quantile(0.25, name, \.perSecond),
                upperQuartile: run.quantile(0.75, name, \.perSecond), ofFloor: run.rateRatio(name, to: floor),
                processorMicroseconds: run.median(name, \.processorMicroseconds),
                ofFloorByProcessorTime: run.costRatio(name, to: floor),
                ofOneTask: single.map { run.rateRatio(name, to: $0) },
                ofOneTaskByProcessorTime: single.map { Double(contestant.tasks) * run.costRatio(name, to: $0) })
        }
        dropped = run.dropped.map { Dropped(name: $0.name, reason: $0.reason) }
        tokenBytes = fixture.token.utf8.count
        self.rounds = rounds
        sliceMilliseconds = slice / .milliseconds(1)
        processors = ProcessInfo.processInfo.activeProcessorCount
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func table() -> String {
        let slice = Int(sliceMilliseconds)
        var lines = [
            "RS256, 2048 bits, a token of \(tokenBytes) bytes; \(rounds) rounds of \(slice) ms each, "
                + "medians; \(processors) processors", "",
            Self.columns.line("", "per second", "quartiles", "of floor", "CPU µs", "of floor"),
        ]
        for row in rows {
            let scaling = row.ofOneTask.map { ": \(Columns.fixed($0)) × one thread" } ?? ""
            let byProcessor = row.ofOneTaskByProcessorTime.map { ", \(Columns.fixed($0)) × by CPU" } ?? ""
            lines.append(
                Self.columns.line(
                    row.name, Columns.whole(row.perSecond),
                    "\(Columns.whole(row.lowerQuartile)) … \(Columns.whole(row.upperQuartile))",
                    Columns.fixed(row.ofFloor), Columns.fixed(row.processorMicroseconds),
                    Columns.fixed(row.ofFloorByProcessorTime), row.detail + scaling + byProcessor))
        }
        lines += dropped.map { "\($0.name): left out, \($0.reason)" }
        return lines.joined(separator: "\n")
    }
}
