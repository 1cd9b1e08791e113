import CoreMetrics
import SignetStore

/// Measures what the writer does. Measuring is an addition in memory.
struct StoreMetrics: Sendable {
    /// Why a write is refused, as a label.
    private enum Reason: String, CaseIterable {
        case busy
        case full
        case outcomeUnknown = "outcome_unknown"
        case other

        init(_ code: StoreError.Code) {
            switch code {
            case .busy: self = .busy
            case .full: self = .full
            case .outcomeUnknown: self = .outcomeUnknown
            default: self = .other
            }
        }
    }

    private let commitSeconds: Timer
    private let commitWrites: Recorder
    private let waiting: Meter
    private let refused: [Reason: Counter]
    private let full: Gauge
    private let mapped: Gauge
    private let used: Gauge

    init(factory: any MetricsFactory) {
        commitSeconds = Timer(label: StoreMetric.commitSeconds.rawValue, factory: factory)
        commitWrites = Recorder(label: StoreMetric.commitWrites.rawValue, factory: factory)
        waiting = Meter(label: StoreMetric.waiting.rawValue, factory: factory)
        refused = Dictionary(
            uniqueKeysWithValues: Reason.allCases.map { reason in
                let dimensions = [("reason", reason.rawValue)]
                return (
                    reason, Counter(label: StoreMetric.refused.rawValue, dimensions: dimensions, factory: factory)
                )
            })
        full = Gauge(label: StoreMetric.full.rawValue, factory: factory)
        mapped = Gauge(label: StoreMetric.mapped.rawValue, factory: factory)
        used = Gauge(label: StoreMetric.used.rawValue, factory: factory)
    }

    func joined() { waiting.increment() }
    func left(_ count: Int) { waiting.decrement(by: Double(count)) }

    func committed(_ count: Int, in duration: Duration) {
        commitSeconds.recordSeconds(duration / .seconds(1))
        commitWrites.record(count)
    }

    func refused(_ count: Int, as code: StoreError.Code) {
        refused[Reason(code)]?.increment(by: count)
        if code == .full { full.record(1) }
    }

    /// - Parameters:
    ///   - known: what was last known.
    ///   - extent: `nil` when it is not known at present.
    func update(_ known: inout StoreExtent?, to extent: StoreExtent?) {
        guard let extent else { return }
        mapped.record(extent.mapped)
        used.record(extent.used)
        // A commit that changes nothing succeeds on a full disk, too.
        if known?.transaction != extent.transaction { full.record(0) }
        known = extent
    }
}
