/// A benchmark run in which the contestants (compared pieces of work) take turns, so that other load on the machine
/// slows all of them alike.
package struct InterleavedRun: Sendable {
    /// The contestants whose warm-up succeeded, in the order that was given to the initializer.
    package let contestants: [Contestant]
    /// The contestants whose warm-up threw an error. `reason` is the error. They were not measured.
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

    /// How many times faster `name` is than `other`, by wall time. In each round, the rate of `name` is divided by the
    /// rate of `other`. The result is the median of these ratios.
    package func rateRatio(_ name: String, to other: String) -> Double {
        Self.quantile(0.5, zip(samples(name), samples(other)).map { $0.perSecond / $1.perSecond })
    }

    /// How many times less processor time an operation of `name` takes than one of `other`: the ratio of the two
    /// medians.
    ///
    /// Other programs on the machine hardly change this ratio. It does not count the time that an operation waits.
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
