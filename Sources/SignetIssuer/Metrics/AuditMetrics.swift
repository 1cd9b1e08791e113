import CoreMetrics
import SignetStore

/// Measures the audit trail.
struct AuditMetrics: Sendable {
    private let noted: Counter
    private let folded: Counter
    private let newest: Gauge
    private let records: Gauge
    private let bytes: Gauge

    init(factory: any MetricsFactory) {
        noted = Counter(label: IssuerMetric.auditNoted.rawValue, factory: factory)
        folded = Counter(label: IssuerMetric.auditFolded.rawValue, factory: factory)
        newest = Gauge(label: IssuerMetric.auditNewest.rawValue, factory: factory)
        records = Gauge(label: IssuerMetric.auditRecords.rawValue, factory: factory)
        bytes = Gauge(label: IssuerMetric.auditBytes.rawValue, factory: factory)
    }

    func noted(_ count: Int) { noted.increment(by: count) }
    func wroteFolds(_ count: Int) { folded.increment(by: count) }

    func update(_ state: AuditState) {
        newest.record(state.head.sequence)
        records.record(state.head.sequence - min(state.head.sequence, state.anchor.sequence))
        bytes.record(state.byteCount)
    }
}
