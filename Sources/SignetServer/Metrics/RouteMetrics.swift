import CoreMetrics
import HTTPTypes

/// Counters and a timer of one route. All labels come from the route, none from a request.
struct RouteMetrics: Sendable {
    private let counters: [Int: Counter]
    private let otherStatus: Counter
    private let timer: Timer

    /// - Parameter statuses: that get a counter of their own; 500 always does.
    init(route: String, method: String, statuses: Set<Int>, factory: any MetricsFactory) {
        let labels = [("route", route), ("method", method)]
        func counter(_ status: String) -> Counter {
            Counter(
                label: ServerMetric.requests.rawValue, dimensions: labels + [("status", status)], factory: factory)
        }
        counters = Dictionary(uniqueKeysWithValues: statuses.union([500]).map { ($0, counter("\($0)")) })
        otherStatus = counter("other")
        timer = Timer(label: ServerMetric.requestSeconds.rawValue, dimensions: labels, factory: factory)
    }

    func count(status: Int, after duration: Duration) {
        (counters[status] ?? otherStatus).increment()
        timer.recordSeconds(duration / .seconds(1))
    }
}
