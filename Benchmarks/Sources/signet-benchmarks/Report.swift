import Foundation

/// The figures of a run, as a table for people or as JSON.
struct Report: Encodable {
    struct Row: Encodable {
        let name: String
        let detail: String
        /// Verifications a second of wall time: the median of the rounds, and a quarter and three quarters of the way
        /// from the slowest round to the fastest.
        let perSecond: Double
        let lowerQuartile: Double
        let upperQuartile: Double
        /// The median over the rounds of the rate divided by the floor's rate in the same round.
        let ofFloor: Double
        /// Microseconds of processor time that one verification takes, all threads together: the median.
        let processorMicroseconds: Double
        /// The floor's median processor time divided by this one.
        let ofFloorByProcessorTime: Double
        /// For several tasks: the median over the rounds of the rate divided by that of one task in the same round.
        let ofOneTask: Double?
        /// The same by processor time, which other programs on the machine do not change, but which does not show
        /// waiting: the number of tasks times the cost in one task divided by the cost in several.
        let ofOneTaskByProcessorTime: Double?
    }

    struct Dropped: Encodable {
        let name: String
        let reason: String
    }

    let tokenBytes: Int
    let rounds: Int
    let sliceMilliseconds: Double
    let processors: Int
    let rows: [Row]
    let dropped: [Dropped]

    init(_ run: InterleavedRun, fixture: Fixture, rounds: Int, slice: Duration) {
        let floor = run.samples[0]
        let floorMicroseconds = Self.processorMicroseconds(floor)
        rows = zip(run.contestants, run.samples).map { contestant, samples in
            let rates = samples.map(\.perSecond)
            let microseconds = Self.processorMicroseconds(samples)
            let single = run.contestants.firstIndex { $0.name == contestant.single }.map { run.samples[$0] }
            return Row(
                name: contestant.name, detail: contestant.detail, perSecond: Self.quantile(0.5, rates),
                lowerQuartile: Self.quantile(0.25, rates), upperQuartile: Self.quantile(0.75, rates),
                ofFloor: Self.quantile(0.5, zip(rates, floor).map { $0 / $1.perSecond }),
                processorMicroseconds: microseconds,
                ofFloorByProcessorTime: floorMicroseconds / microseconds,
                ofOneTask: single.map { Self.quantile(0.5, zip(rates, $0).map { $0 / $1.perSecond }) },
                ofOneTaskByProcessorTime: single.map {
                    Double(contestant.tasks) * Self.processorMicroseconds($0) / microseconds
                })
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
            Self.line("", "per second", "quartiles", "of floor", "CPU µs", "of floor"),
        ]
        for row in rows {
            let scaling = row.ofOneTask.map { "\(Self.fixed($0)) × one thread" } ?? ""
            let byProcessor = row.ofOneTaskByProcessorTime.map { ", \(Self.fixed($0)) × by CPU" } ?? ""
            lines.append(
                Self.line(
                    row.name, Self.whole(row.perSecond),
                    "\(Self.whole(row.lowerQuartile)) … \(Self.whole(row.upperQuartile))",
                    Self.fixed(row.ofFloor), Self.fixed(row.processorMicroseconds),
                    Self.fixed(row.ofFloorByProcessorTime),
                    scaling.isEmpty ? row.detail : "\(row.detail): \(scaling)\(byProcessor)"))
        }
        lines += dropped.map { "\($0.name): left out, \($0.reason)" }
        return lines.joined(separator: "\n")
    }

    private static func processorMicroseconds(_ samples: [Sample]) -> Double {
        quantile(0.5, samples.map { $0.processorSeconds * 1e6 / Double($0.operations) })
    }

    private static func quantile(_ fraction: Double, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        let place = fraction * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    private static let widths = [-30, 11, 19, 9, 8, 9]

    /// Cells side by side; the last one, if there are more than columns, as it is.
    private static func line(_ cells: String...) -> String {
        let padded = zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + padding : padding + cell
        }
        return (padded + cells.dropFirst(widths.count)).joined(separator: "  ")
    }

    private static func whole(_ number: Double) -> String { String(Int(number.rounded())) }

    private static func fixed(_ number: Double) -> String { String(format: "%.2f", number) }
}
