import CoreMetrics

/// Measures the hashing of passwords and the queue in front of it.
struct HashingMetrics: Sendable {
    private let waiting: Meter
    private let refused: Counter
    private let seconds: Timer

    init(factory: any MetricsFactory) {
        waiting = Meter(label: IssuerMetric.hashingWaiting.rawValue, factory: factory)
        refused = Counter(label: IssuerMetric.hashingRefused.rawValue, factory: factory)
        seconds = Timer(label: IssuerMetric.hashingSeconds.rawValue, factory: factory)
    }

    func joined() { waiting.increment() }
    func left() { waiting.decrement() }
    func turnedAway() { refused.increment() }
    func hashed(in duration: Duration) { seconds.recordSeconds(duration / .seconds(1)) }
}
