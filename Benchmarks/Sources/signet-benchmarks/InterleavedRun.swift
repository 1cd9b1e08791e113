/// Contestants that take turns, so that whatever else the machine does at a time falls on all of them.
struct InterleavedRun {
    private(set) var contestants: [Contestant]
    /// One sample a round for each contestant, in their order.
    private(set) var samples: [[Sample]] = []
    /// Who could not go on, and why.
    private(set) var dropped: [(name: String, reason: String)] = []

    init(contestants: [Contestant]) { self.contestants = contestants }

    /// Makes sure that everybody who can be asked accepts the token and refuses a forged one.
    func controls(_ fixture: Fixture) async throws {
        for contestant in contestants {
            guard let accepts = contestant.accepts else { continue }
            guard await accepts(fixture.token) else {
                throw Fixture.Unusable(description: "\(contestant.name) refuses the token")
            }
            guard await !accepts(fixture.forgedToken) else {
                throw Fixture.Unusable(description: "\(contestant.name) accepts a forged token")
            }
        }
    }

    /// Lets everybody warm up for a slice, then work for one slice in every round; each round starts with another one.
    mutating func measure(rounds: Int, slice: Duration) async throws {
        var able: [Contestant] = []
        for contestant in contestants {
            do {
                _ = try await contestant.work(slice)
                able.append(contestant)
            } catch {
                dropped.append((contestant.name, "\(error)"))
            }
        }
        contestants = able
        samples = Array(repeating: [], count: able.count)
        for round in 0..<rounds {
            for turn in able.indices {
                let index = (round + turn) % able.count
                samples[index].append(try await able[index].work(slice))
            }
        }
    }
}
