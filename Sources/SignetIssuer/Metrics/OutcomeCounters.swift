import CoreMetrics

/// One counter for each outcome of something; all of them are there from the start.
struct OutcomeCounters<Outcome: RawRepresentable<String> & CaseIterable & Hashable & Sendable>: Sendable {
    private let counters: [Outcome: Counter]

    init(_ metric: IssuerMetric, factory: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map { outcome in
                let counter = Counter(
                    label: metric.rawValue, dimensions: [("outcome", outcome.rawValue)], factory: factory)
                return (outcome, counter)
            })
    }

    func count(_ outcome: Outcome) { counters[outcome]?.increment() }
}
