import CoreMetrics
package import SignetStore

/// Says how the signing keys are.
package struct KeyMetrics: Sendable {
    private let age: Gauge
    private let rotation: Gauge
    private let faults: Gauge

    init(factory: any MetricsFactory) {
        age = Gauge(label: IssuerMetric.keyAge.rawValue, factory: factory)
        rotation = Gauge(label: IssuerMetric.keyRotation.rawValue, factory: factory)
        faults = Gauge(label: IssuerMetric.keyFaults.rawValue, factory: factory)
    }

    /// Brings the gauges up to date.
    /// - Parameter faults: how many steps of following and changing the keyring fail at present.
    package func update(_ keyring: KeyringOverview, faults: Int, at now: Timestamp) {
        age.record(keyring.signingSince(at: now).map { max(.zero, now.since($0)) / .seconds(1) } ?? .nan)
        rotation.record(keyring.nextRotation(at: now).map { $0.since(now) / .seconds(1) } ?? .infinity)
        self.faults.record(faults)
    }
}
