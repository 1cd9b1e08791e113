/// What Prometheus takes a metric for.
enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}
