import CoreMetrics
package import SignetStore

/// Measures the sweeper.
package struct SweepMetrics: Sendable {
    private let records: Counter
    private let failures: Counter
    private let completedAt: Gauge

    init(factory: any MetricsFactory) {
        records = Counter(label: IssuerMetric.swept.rawValue, factory: factory)
        failures = Counter(label: IssuerMetric.sweepFailures.rawValue, factory: factory)
        completedAt = Gauge(label: IssuerMetric.sweptAt.rawValue, factory: factory)
    }

    func removed(_ count: Int) { records.increment(by: count) }

    /// A sweep found nothing more to remove.
    package func completed(at now: Timestamp) { completedAt.record(now.seconds) }

    /// A sweep stopped before its end.
    package func failed() { failures.increment() }
}
