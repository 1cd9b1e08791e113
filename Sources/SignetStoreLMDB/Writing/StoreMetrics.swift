import CoreMetrics
import SignetStore

/// Records the metrics of the writer thread. Recording is cheap: it only changes numbers in memory.
struct StoreMetrics: Sendable {
    /// The reason why a write was refused, as the value of the metric label `reason`.
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

    func queued() { waiting.increment() }

    func dequeued(_ count: Int) { waiting.decrement(by: Double(count)) }

    /// Records that a batch of `count` writes was committed.
    func committed(_ count: Int, in duration: Duration) {
        commitSeconds.recordSeconds(duration / .seconds(1))
        commitWrites.record(count)
    }

    /// Records that `count` writes were refused with the error code `code`.
    func refused(_ count: Int, as code: StoreError.Code) {
        refused[Reason(code)]?.increment(by: count)
        if code == .full { full.record(1) }
    }

    /// Records the size of the store after a commit.
    /// - Parameters:
    ///   - known: the size at the previous call. This function replaces it by `extent`, unless `extent` is `nil`.
    ///   - extent: the size of the store now; `nil` if it is unknown.
    func update(_ known: inout StoreExtent?, to extent: StoreExtent?) {
        guard let extent else { return }
        mapped.record(extent.mapped)
        used.record(extent.used)
        // Report that the disk has room only after a commit that changed something. A commit without changes succeeds
        // even on a full disk.
        if known?.transaction != extent.transaction { full.record(0) }
        known = extent
    }
}

/// The metrics of the store. The raw values are the names in the metrics backend. Dashboards and alerts use these
/// names, so a raw value must never change.
package enum StoreMetric: String, Sendable, CaseIterable {
    case commitSeconds = "signet_store_commit_seconds"
    case commitWrites = "signet_store_commit_writes"
    case waiting = "signet_store_waiting_writes"
    case refused = "signet_store_refused_writes_total"
    case full = "signet_store_full"
    case mapped = "signet_store_map_bytes"
    case used = "signet_store_used_bytes"

    /// The help text of the metric: one sentence.
    package var help: String {
        switch self {
        case .commitSeconds: "Duration of a commit, from its first write until it was on disk."
        case .commitWrites: "Number of writes in a commit."
        case .waiting: "Writes waiting for their commit."
        case .refused: "Writes that the store refused, by reason."
        case .full: "1 if the disk was full or the map at its maximum at the last write, else 0."
        case .mapped: "Bytes of address space mapped for the store. Doubles automatically."
        case .used: "Bytes of the data file in use, including pages that will be reused."
        }
    }

    /// The upper bounds of the histogram's buckets; `nil` for the default bounds, which suit durations in seconds.
    package var buckets: [Double]? {
        self == .commitWrites ? [1, 2, 4, 8, 16, 32, 64, 128, 256] : nil
    }
}
