package import CoreMetrics
import Synchronization

/// Keeps what a process measures and writes it down for Prometheus, in text exposition format 0.0.4.
///
/// Whoever measures asks once for a handler and keeps it: that takes the registry's lock, measuring does not. The same
/// name and labels give the same handler. Counters and meters become counters and gauges, timers histograms in seconds,
/// recorders histograms or, when they do not aggregate, gauges. There is a most of series; what is asked for beyond it,
/// and a name that another kind of metric has, gets a handler that measures nothing, and
/// ``refusedName`` counts it. Series stay for the life of the registry.
package final class PrometheusRegistry: MetricsFactory {
    /// From half a millisecond to ten seconds.
    package static let defaultBuckets = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    /// Of ``text()``: the media type with the format's version.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
    /// The registry's own counter.
    package static let refusedName = "metrics_refused_total"

    private struct Family {
        let kind: MetricKind
        var series: [SeriesLabels: any Series] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var seriesCount = 0
    }

    private let descriptions: [String: MetricDescription]
    private let maximumSeries: Int
    private let state = Mutex(State())
    private let refused: CounterSeries

    /// - Parameters:
    ///   - descriptions: of the metrics that have a help text or buckets of their own; of two with one name the first
    ///     counts.
    ///   - maximumSeries: at least 1.
    package init(describing descriptions: [MetricDescription] = [], maximumSeries: Int = 2048) {
        precondition(maximumSeries > 0, "a registry of no series has nothing to say")
        let own = MetricDescription(
            Self.refusedName, help: "Series that were asked for and are not here: too many, or of two kinds.")
        self.descriptions = Dictionary(([own] + descriptions).map { ($0.name, $0) }) { first, _ in first }
        self.maximumSeries = maximumSeries
        let refused = CounterSeries()
        self.refused = refused
        state.withLock { state in
            state.families[Self.refusedName] = Family(kind: .counter, series: [SeriesLabels([]): refused])
            state.seriesCount = 1
        }
    }

    /// Everything measured so far. Metrics and their series come in the order of their names.
    package func text() -> String {
        // Only the list is made under the lock: nobody who asks for a handler waits for the text.
        let families = state.withLock { $0.families }
        var text = ExpositionText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, kind: family.kind, help: descriptions[name]?.help)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(to: &text, name: name, labels: labels.text)
            }
        }
        return text.text
    }

    private func series<Kept: Series>(
        _ label: String, _ dimensions: [(String, String)], kind: MetricKind, make: (MetricDescription?) -> Kept
    ) -> Kept? {
        let name = MetricName.metric(label)
        let labels = SeriesLabels(dimensions)
        let kept: Kept? = state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            if let known = family.series[labels] { return known as? Kept }
            guard family.kind == kind, state.seriesCount < maximumSeries else { return nil }
            let new = make(descriptions[name])
            family.series[labels] = new
            state.families[name] = family
            state.seriesCount += 1
            return new
        }
        if kept == nil { refused.increment(by: 1) }
        return kept
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries? {
        series(label, dimensions, kind: .gauge) { _ in GaugeSeries() }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries? {
        series(label, dimensions, kind: .histogram) { HistogramSeries(bounds: $0?.buckets ?? Self.defaultBuckets) }
    }
}

extension PrometheusRegistry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, kind: .counter) { _ in CounterSeries() } ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let handler: (any RecorderHandler)? =
            aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
        return handler ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
