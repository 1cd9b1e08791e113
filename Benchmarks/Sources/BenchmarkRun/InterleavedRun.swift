/// A benchmark run in which the contestants (the compared pieces of work) take turns. Other load on the machine
/// therefore slows all contestants alike.
package struct InterleavedRun: Sendable {
    /// The contestants whose warm-up succeeded, in the order that was given to the initializer.
    package let contestants: [Contestant]
    /// The contestants that were not measured, because their warm-up threw an error. `reason` is the error.
    package let dropped: [(name: String, reason: String)]
    private let samplesByName: [String: [Sample]]

    /// Lets every contestant warm up for the time `slice`. Then each contestant works for the time `slice` in each
    /// round. The order rotates, so that every round starts with a different contestant.
    /// - Parameter progress: called with a line for the user before each round.
    package init(
        _ contestants: [Contestant], rounds: Int, slice: Duration, progress: (String) -> Void = { _ in }
    ) async throws {
        var able: [Contestant] = []
        var dropped: [(name: String, reason: String)] = []
        for contestant in contestants {
            do {
                _ = try await contestant.work(slice)
                able.append(contestant)
            } catch {
                dropped.append((contestant.name, "\(error)"))
            }
        }
        var samples: [String: [Sample]] = [:]
        for round in 0..<rounds {
            progress("round \(round + 1) of \(rounds)")
            for turn in able.indices {
                let contestant = able[(round + turn) % able.count]
                samples[contestant.name, default: []].append(try await contestant.work(slice))
            }
        }
        (self.contestants, self.dropped, samplesByName) = (able, dropped, samples)
    }

    /// The samples of the contestant `name`, one for each round; empty if no contestant has this name.
    package func samples(_ name: String) -> [Sample] { samplesByName[name] ?? [] }

    /// Returns a quantile of `value` over the samples of the contestant `name`; `nan` if there are no samples.
    /// - Parameter fraction: 0 for the least value, 0.5 for the median, 1 for the greatest value.
    package func quantile(_ fraction: Double, _ name: String, _ value: (Sample) -> Double) -> Double {
        Self.quantile(fraction, samples(name).map(value))
    }

    /// Returns the median of `value` over the samples of the contestant `name`; `nan` if there are no samples.
    package func median(_ name: String, _ value: (Sample) -> Double) -> Double { quantile(0.5, name, value) }

    /// How many times more operations per second the contestant `name` does than `other`: the median of the ratios of
    /// all rounds.
    package func rateRatio(_ name: String, to other: String) -> Double {
        Self.quantile(0.5, zip(samples(name), samples(other)).map { $0.perSecond / $1.perSecond })
    }

    /// The processor time of an operation of the contestant `other`, divided by that of `name`. Above 1, `name` is
    /// cheaper. Both times are medians over the rounds.
    ///
    /// Other programs on the machine hardly change this ratio. Time in which an operation waits does not count.
    package func costRatio(_ name: String, to other: String) -> Double {
        median(other, \.processorMicroseconds) / median(name, \.processorMicroseconds)
    }

    private static func quantile(_ fraction: Double, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let place = fraction * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
