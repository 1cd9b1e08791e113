import PrometheusExposition
import SignetIssuer
import SignetServer
import SignetStoreLMDB

/// What the rooms of the house measure, as `/metrics` explains it.
enum MetricCatalogue {
    static let descriptions =
        ServerMetric.allCases.map { MetricDescription($0.rawValue, help: $0.help) }
        + IssuerMetric.allCases.map { MetricDescription($0.rawValue, help: $0.help) }
        + StoreMetric.allCases.map { MetricDescription($0.rawValue, help: $0.help, buckets: $0.buckets) }
}
