import CoreMetrics
import Dispatch
import Testing

@testable import PrometheusExposition

@Suite("Prometheus text exposition")
struct ExpositionTests {
    /// Returns the lines of the metrics page that start with `name`, and the HELP and TYPE lines of the metric `name`.
    private func lines(_ registry: PrometheusRegistry, _ name: String) -> [String] {
        registry.text().split(separator: "\n").map(String.init).filter { line in
            line.hasPrefix(name) || line.hasPrefix("# HELP \(name) ") || line.hasPrefix("# TYPE \(name) ")
        }
    }

    @Test func `a counter has help, type and series sorted by label`() {
        let registry = PrometheusRegistry(describing: [MetricDescription("logins_total", help: "How many.")])
        for (outcome, count) in [("refused", 2), ("good", 40)] {
            Counter(label: "logins_total", dimensions: [("outcome", outcome)], factory: registry).increment(by: count)
        }
        #expect(
            lines(registry, "logins_total") == [
                "# HELP logins_total How many.", "# TYPE logins_total counter",
                "logins_total{outcome=\"good\"} 40", "logins_total{outcome=\"refused\"} 2",
            ])
        #expect(registry.text().hasSuffix("\n"))
    }

    @Test func `a metric without a description has a TYPE line and no HELP line`() {
        let registry = PrometheusRegistry()
        Gauge(label: "depth", factory: registry).record(2.5)
        #expect(lines(registry, "depth") == ["# TYPE depth gauge", "depth 2.5"])
    }

    @Test func `a counter ignores a negative increment`() {
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "c", dimensions: [])
        counter.increment(by: 3)
        counter.increment(by: -2)
        #expect(lines(registry, "c ") == ["c 3"])
        counter.reset()
        #expect(lines(registry, "c ") == ["c 0"])
    }

    @Test func `a meter is a gauge that goes up and down`() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "open", factory: registry)
        for _ in 0..<3 { meter.increment() }
        meter.decrement()
        #expect(lines(registry, "open") == ["# TYPE open gauge", "open 2"])
        meter.set(7)
        #expect(lines(registry, "open") == ["# TYPE open gauge", "open 7"])
    }

    @Test func `buckets are cumulative, include their bound, and ignore NaN`() {
        let registry = PrometheusRegistry(
            describing: [MetricDescription("size", help: "Size.", buckets: [1, 2.5, 10])])
        let recorder = Recorder(label: "size", dimensions: [("kind", "x")], factory: registry)
        for value in [1, 2, 2.5, 11, 12.5] { recorder.record(value) }
        recorder.record(Double.nan)
        #expect(
            lines(registry, "size") == [
                "# HELP size Size.", "# TYPE size histogram",
                "size_bucket{kind=\"x\",le=\"1\"} 1", "size_bucket{kind=\"x\",le=\"2.5\"} 3",
                "size_bucket{kind=\"x\",le=\"10\"} 3", "size_bucket{kind=\"x\",le=\"+Inf\"} 5",
                "size_sum{kind=\"x\"} 29", "size_count{kind=\"x\"} 5",
            ])
    }

    @Test func `a timer is a histogram in seconds`() {
        let registry = PrometheusRegistry()
        let timer = Timer(label: "t_seconds", factory: registry)
        timer.recordMilliseconds(4)
        timer.recordSeconds(100)
        timer.recordNanoseconds(-5)
        let text = lines(registry, "t_seconds")
        #expect(text.contains("t_seconds_bucket{le=\"0.0005\"} 1"))
        #expect(text.contains("t_seconds_bucket{le=\"0.0025\"} 1"))
        #expect(text.contains("t_seconds_bucket{le=\"0.005\"} 2"))
        #expect(text.contains("t_seconds_bucket{le=\"10\"} 2"))
        #expect(text.contains("t_seconds_bucket{le=\"+Inf\"} 3"))
        #expect(text.contains("t_seconds_sum 100.004"))
        #expect(text.contains("t_seconds_count 3"))
        #expect(text.count == 1 + PrometheusRegistry.defaultBuckets.count + 3)
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0, "0"), (-3, "-3"), (0.0005, "0.0005"),
        (1e300, "1e+300"), (1_700_000_000, "1700000000"),
    ])
    func `numbers are formatted as Prometheus parses them`(value: Double, text: String) {
        let registry = PrometheusRegistry()
        Gauge(label: "g", factory: registry).record(value)
        #expect(lines(registry, "g ") == ["g \(text)"])
    }

    @Test func `label values and help texts are escaped`() {
        let registry = PrometheusRegistry(describing: [MetricDescription("m", help: "a\\b\nm 666 \"q\"")])
        Counter(label: "m", dimensions: [("v", "\"} 1\nm{v=\"\\")], factory: registry).increment()
        let text = registry.text().split(separator: "\n").filter { !$0.contains("metrics_refused") }
        #expect(text == [#"# HELP m a\\b\nm 666 "q""#, "# TYPE m counter", #"m{v="\"} 1\nm{v=\"\\"} 1"#])
    }

    @Test(arguments: [
        ("a.b-c", "a_b_c"), ("9lives", "_9lives"), ("", "_"), ("x{y=\"1\"} 2\nz", "x_y__1___2_z"), ("é", "_"),
        ("ns:name", "ns:name"),
    ])
    func `characters that Prometheus forbids in a name become underscores`(label: String, name: String) {
        #expect(MetricName.metric(label) == name)
        let registry = PrometheusRegistry()
        Counter(label: label, factory: registry).increment(by: 5)
        #expect(registry.text().split(separator: "\n").contains("\(name) 5"))
    }

    @Test func `labels have unique, valid, unreserved names and bounded values`() {
        #expect(SeriesLabels([("a.b", "1"), ("9", "2"), ("c:d", "3")]).text == #"_9="2",a_b="1",c_d="3""#)
        #expect(SeriesLabels([("le", "1"), ("__name__", "2")]).text == #"exported___name__="2",exported_le="1""#)
        #expect(SeriesLabels([("a", "1"), ("a", "2")]).text == #"a="1""#)
        #expect(SeriesLabels([("b", "1"), ("a", "2")]) == SeriesLabels([("a", "2"), ("b", "1")]))
        let long = SeriesLabels([("a", String(repeating: "é", count: 1_000))])
        #expect(long.text.utf8.count <= SeriesLabels.longestValue + 8)
    }

    @Test func `the same name and labels return the same handler`() {
        let registry = PrometheusRegistry()
        let first = registry.makeCounter(label: "c", dimensions: [("a", "1"), ("b", "2")])
        let second = registry.makeCounter(label: "c", dimensions: [("b", "2"), ("a", "1")])
        #expect(first === second)
    }

    @Test func `series beyond the maximum are rejected and counted`() {
        let registry = PrometheusRegistry(maximumSeries: 10)
        let counters = (0..<100).map { Counter(label: "c", dimensions: [("n", "\($0)")], factory: registry) }
        for counter in counters { counter.increment() }
        #expect(lines(registry, "c{").count == 9)
        #expect(lines(registry, "metrics_refused_total ") == ["metrics_refused_total 91"])
    }

    @Test func `a name keeps the type that it had first, and other types are rejected and counted`() {
        let registry = PrometheusRegistry()
        Counter(label: "x", factory: registry).increment(by: 4)
        Gauge(label: "x", factory: registry).record(9)
        Timer(label: "x", dimensions: [("a", "b")], factory: registry).recordSeconds(1)
        #expect(lines(registry, "x") == ["# TYPE x counter", "x 4"])
        #expect(lines(registry, "metrics_refused_total ") == ["metrics_refused_total 2"])
    }

    @Test func `concurrent measurements are all counted while the page is read`() {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "c", factory: registry)
        let meter = Meter(label: "m", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for number in 0..<5_000 {
                counter.increment()
                meter.increment()
                timer.recordMilliseconds(1)
                if number.isMultiple(of: 1_000) { _ = registry.text() }
            }
        }
        #expect(lines(registry, "c ") == ["c 40000"])
        #expect(lines(registry, "m ") == ["m 40000"])
        #expect(lines(registry, "t_count") == ["t_count 40000"])
        #expect(lines(registry, "t_bucket{le=\"+Inf\"}") == ["t_bucket{le=\"+Inf\"} 40000"])
    }
}
