package import CoreMetrics
import Synchronization

// This target is a backend of swift-metrics that writes Prometheus' text format. It defines no metrics and serves no
// HTTP.

/// The help text and buckets of one metric.
package struct MetricDescription: Sendable, Hashable {
    /// The name of the metric, which measuring code passes to swift-metrics as `label`. The name must match
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    package let name: String
    /// One sentence that tells the operator what the metric measures.
    package let help: String
    /// Inclusive upper bounds of a histogram's buckets in ascending order, in seconds for a timer; `nil` for
    /// ``PrometheusRegistry/defaultBuckets``. The exposition adds the bucket `+Inf`.
    package let buckets: [Double]?

    package init(_ name: String, help: String, buckets: [Double]? = nil) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}

/// A swift-metrics backend that writes all its series in Prometheus' text exposition format 0.0.4.
///
/// Counters become counters and meters become gauges. Timers become histograms in seconds. Recorders become histograms,
/// or gauges if they do not aggregate. The same name and labels always return the same handler.
///
/// The registry refuses a new metric if the number of series has reached its maximum, or if the name belongs to a
/// metric of another type. It then increments ``refusedName`` and returns a handler that measures nothing. The registry
/// never removes a series.
///
/// Create a handler once and keep it: creating a handler takes the registry's lock, measuring with the handler does
/// not.
package final class PrometheusRegistry: MetricsFactory {
    /// The default upper bounds of a histogram's buckets, in seconds for a timer.
    package static let defaultBuckets = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    /// The media type of ``text()``, with the version of Prometheus' text format.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"
    /// The name of the counter of metrics that the registry refused because of the series limit or a type conflict.
    package static let refusedName = "metrics_refused_total"

    private struct Family {
        let kind: ExpositionText.Kind
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

    /// Creates a registry whose only series is the counter ``refusedName``.
    /// - Parameters:
    ///   - descriptions: the help texts and buckets of metrics. If two descriptions have the same name, the first is
    ///     used.
    ///   - maximumSeries: the maximum number of series, including ``refusedName``; at least 1.
    package init(describing descriptions: [MetricDescription] = [], maximumSeries: Int = 2048) {
        precondition(maximumSeries > 0, "maximumSeries must be at least 1")
        let own = MetricDescription(
            Self.refusedName, help: "Metrics rejected because of the series limit or a type conflict.")
        self.descriptions = Dictionary(([own] + descriptions).map { ($0.name, $0) }) { first, _ in first }
        self.maximumSeries = maximumSeries
        let refused = CounterSeries()
        self.refused = refused
        state.withLock { state in
            state.families[Self.refusedName] = Family(kind: .counter, series: [SeriesLabels([]): refused])
            state.seriesCount = 1
        }
    }

    /// Prometheus' text format with the current value of every series, sorted by metric name and then by labels.
    package func text() -> String {
        // Copy the series and release the lock before formatting, because callers that create handlers wait for the
        // lock.
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

    private func series<Handler: Series>(
        _ label: String, _ dimensions: [(String, String)], kind: ExpositionText.Kind,
        make: (MetricDescription?) -> Handler
    ) -> Handler? {
        let name = MetricName.metric(label)
        let labels = SeriesLabels(dimensions)
        let handler: Handler? = state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            if let known = family.series[labels] { return known as? Handler }
            guard family.kind == kind, state.seriesCount < maximumSeries else { return nil }
            let new = make(descriptions[name])
            family.series[labels] = new
            state.families[name] = family
            state.seriesCount += 1
            return new
        }
        if handler == nil { refused.increment(by: 1) }
        return handler
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
