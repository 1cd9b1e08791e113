/// Contestants that take turns, so that other load on the machine slows all of them alike.
package struct InterleavedRun: Sendable {
    /// The contestants that took part, in their order.
    package let contestants: [Contestant]
    /// The contestants that failed in their warm-up, and why.
    package let dropped: [(name: String, reason: String)]
    private let samplesByName: [String: [Sample]]

    /// Warms every contestant up for a slice and then gives it one slice in each round. Each round starts with another one.
    /// - Parameter progress: receives a line before each round.
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

    /// One sample for each round; empty if there is no such contestant.
    package func samples(_ name: String) -> [Sample] { samplesByName[name] ?? [] }

    /// The quantile of a value over the rounds; `nan` without samples.
    /// - Parameter fraction: 0 for the least value, 0.5 for the median, 1 for the greatest.
    package func quantile(_ fraction: Double, _ name: String, _ value: (Sample) -> Double) -> Double {
        Self.quantile(fraction, samples(name).map(value))
    }

    /// The median of a value over the rounds.
    package func median(_ name: String, _ value: (Sample) -> Double) -> Double { quantile(0.5, name, value) }

    /// The median over the rounds of one contestant's rate divided by another's in the same round.
    package func rateRatio(_ name: String, to other: String) -> Double {
        Self.quantile(0.5, zip(samples(name), samples(other)).map { $0.perSecond / $1.perSecond })
    }

    /// How many times cheaper an operation of `name` is than one of `other`: the ratio of the median processor times. Other
    /// programs on the machine hardly change it, but it does not show waiting.
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
