import CoreMetrics
import HTTPTypes
import NIOCore
import SignetAPI

/// Counts and times requests by the path template and method of their endpoint.
///
/// All requests without an endpoint have the label `other`, so that clients cannot create labels by inventing paths.
struct RequestMetrics: Sendable {
    private let endpoints: [RouteMetrics]
    private let other: RouteMetrics

    /// Creates the metrics of `endpoints`. They must be in the order of the endpoint table, because
    /// ``count(_:status:after:)`` finds an endpoint by its index.
    init(endpoints: [Endpoint], factory: any MetricsFactory) {
        self.endpoints = endpoints.map { endpoint in
            RouteMetrics(
                route: endpoint.path, method: endpoint.method.rawValue, statuses: endpoint.statuses, factory: factory)
        }
        other = RouteMetrics(route: "other", method: "other", statuses: [204, 404, 405], factory: factory)
    }

    func count(_ match: EndpointTable.Match, status: Int, after duration: TimeAmount) {
        if case .endpoint(let index, _) = match {
            endpoints[index].count(status: status, after: duration)
        } else {
            other.count(status: status, after: duration)
        }
    }
}

/// The counters and the timer of one route. Their labels come from the route table, never from a request.
struct RouteMetrics: Sendable {
    /// A counter for each documented status. There are few, so a linear search is faster than a dictionary.
    private let counters: [(status: Int, counter: Counter)]
    private let otherStatus: Counter
    private let timer: Timer

    /// Creates a counter for each of `statuses` and for 500. Responses with any other status share the counter
    /// `other`.
    init(route: String, method: String, statuses: Set<Int>, factory: any MetricsFactory) {
        let labels = [("route", route), ("method", method)]
        func counter(_ status: String) -> Counter {
            Counter(
                label: ServerMetric.requests.rawValue, dimensions: labels + [("status", status)], factory: factory)
        }
        counters = statuses.union([500]).sorted().map { ($0, counter("\($0)")) }
        otherStatus = counter("other")
        timer = Timer(label: ServerMetric.requestSeconds.rawValue, dimensions: labels, factory: factory)
    }

    func count(status: Int, after duration: TimeAmount) {
        (counters.first { $0.status == status }?.counter ?? otherStatus).increment()
        timer.recordNanoseconds(duration.nanoseconds)
    }
}
