package import CoreMetrics
package import SignetKeyring
package import SignetStore

// The folder Metrics defines what the issuer measures. Label values come from enums, never from requests, so the number
// of time series is bounded.

/// The issuer's metrics. Recording a value never waits and never fails.
package struct IssuerMetrics: Sendable {
    /// Metrics that discard every value.
    package static let none = IssuerMetrics(factory: NOOPMetricsHandler.instance)

    let logins: OutcomeCounters<LoginOutcome>
    let refreshes: OutcomeCounters<RefreshOutcome>
    let hashing: HashingMetrics
    package let keys: KeyMetrics
    let audit: AuditMetrics
    package let sweeps: SweepMetrics

    package init(factory: any MetricsFactory) {
        logins = OutcomeCounters(.logins, factory: factory)
        refreshes = OutcomeCounters(.refreshes, factory: factory)
        hashing = HashingMetrics(factory: factory)
        keys = KeyMetrics(factory: factory)
        audit = AuditMetrics(factory: factory)
        sweeps = SweepMetrics(factory: factory)
    }
}

/// Metrics of the audit log.
struct AuditMetrics: Sendable {
    private let bufferedEvents: Counter
    private let coalescedRecords: Counter
    private let newest: Gauge
    private let records: Gauge
    private let bytes: Gauge

    init(factory: any MetricsFactory) {
        bufferedEvents = Counter(label: IssuerMetric.auditBuffered.rawValue, factory: factory)
        coalescedRecords = Counter(label: IssuerMetric.auditCoalesced.rawValue, factory: factory)
        newest = Gauge(label: IssuerMetric.auditNewest.rawValue, factory: factory)
        records = Gauge(label: IssuerMetric.auditRecords.rawValue, factory: factory)
        bytes = Gauge(label: IssuerMetric.auditBytes.rawValue, factory: factory)
    }

    func buffered(_ count: Int) { bufferedEvents.increment(by: count) }
    func wroteCoalesced(_ count: Int) { coalescedRecords.increment(by: count) }

    func update(_ state: AuditState) {
        newest.record(state.head.sequence)
        records.record(state.head.sequence - min(state.head.sequence, state.anchor.sequence))
        bytes.record(state.byteCount)
    }
}

/// Metrics of password hashing and its queue.
struct HashingMetrics: Sendable {
    private let waiting: Meter
    private let refused: Counter
    private let seconds: Timer

    init(factory: any MetricsFactory) {
        waiting = Meter(label: IssuerMetric.hashingWaiting.rawValue, factory: factory)
        refused = Counter(label: IssuerMetric.hashingRefused.rawValue, factory: factory)
        seconds = Timer(label: IssuerMetric.hashingSeconds.rawValue, factory: factory)
    }

    func joinedQueue() { waiting.increment() }
    func leftQueue() { waiting.decrement() }
    func queueWasFull() { refused.increment() }
    func hashed(in duration: Duration) { seconds.recordSeconds(duration / .seconds(1)) }
}

/// Metrics of the signing keys.
package struct KeyMetrics: Sendable {
    private let age: Gauge
    private let rotation: Gauge
    private let faults: Gauge

    init(factory: any MetricsFactory) {
        age = Gauge(label: IssuerMetric.keyAge.rawValue, factory: factory)
        rotation = Gauge(label: IssuerMetric.keyRotation.rawValue, factory: factory)
        faults = Gauge(label: IssuerMetric.keyFaults.rawValue, factory: factory)
    }

    /// Sets the gauges: the age of the signing key, the time until the next rotation, and the number of faults.
    /// - Parameter faults: the number of keyring tasks, such as reading a key file, that currently fail.
    package func update(_ keyring: KeyringOverview, faults: Int, at now: Timestamp) {
        age.record(keyring.signingSince(at: now).map { now.since($0) / .seconds(1) } ?? .nan)
        rotation.record(keyring.nextRotation(at: now).map { $0.since(now) / .seconds(1) } ?? .infinity)
        self.faults.record(faults)
    }
}

/// Metrics of the sweeper, which removes expired records.
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

    /// Records the time of a completed sweep. A sweep is completed when no expired record is left.
    package func completed(at now: Timestamp) { completedAt.record(now.seconds) }

    /// Counts a failed sweep. Call it after a sweep that threw an error.
    package func failed() { failures.increment() }
}
