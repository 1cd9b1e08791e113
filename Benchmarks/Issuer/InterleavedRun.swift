/// Contestants that take turns, so that whatever else the machine does at a time falls on all of them.
struct InterleavedRun: Sendable {
    /// One sample a round, by contestant.
    let samples: [String: [Sample]]

    /// Lets everybody warm up for a slice, then work for one slice in every round; each round starts with another one.
    init(_ contestants: [Contestant], rounds: Int, slice: Duration, progress: (String) -> Void) async throws {
        var samples: [String: [Sample]] = [:]
        for contestant in contestants { _ = try await contestant.work(slice) }
        for round in 0..<rounds {
            progress("round \(round + 1) of \(rounds)")
            for turn in contestants.indices {
                let contestant = contestants[(round + turn) % contestants.count]
                samples[contestant.name, default: []].append(try await contestant.work(slice))
            }
        }
        self.samples = samples
    }

    /// The median over the rounds.
    func median(_ name: String, _ value: (Sample) -> Double) -> Double {
        Self.median((samples[name] ?? []).map(value))
    }

    /// The median over the rounds of one contestant's rate divided by another's in the same round.
    func ratio(_ name: String, to other: String) -> Double {
        Self.median(zip(samples[name] ?? [], samples[other] ?? []).map { $0.perSecond / $1.perSecond })
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
