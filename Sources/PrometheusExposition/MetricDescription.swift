/// What the exposition says about one metric beside its samples.
package struct MetricDescription: Sendable, Hashable {
    /// As the code that measures calls it, and as Prometheus shows it: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    package let name: String
    /// One sentence for the operator.
    package let help: String
    /// The upper bounds of a histogram's buckets, in seconds for a timer, ascending; `nil` for
    /// ``PrometheusRegistry/defaultBuckets``. The last one, without a bound, is always there.
    package let buckets: [Double]?

    package init(_ name: String, help: String, buckets: [Double]? = nil) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}
