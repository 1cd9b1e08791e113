import CoreMetrics
import HTTPTypes
import Hummingbird

/// Counts and times requests by route template and method.
///
/// A request that matches no route counts under the route `other`, so that invented paths and methods create no labels.
struct RequestMetrics: RouterMiddleware {
    typealias Context = APIRequestContext

    private struct Key: Hashable {
        let path: String
        let method: HTTPRequest.Method
    }

    private let routes: [Key: RouteMetrics]
    private let other: RouteMetrics

    init(table: RouteTable, factory: any MetricsFactory) {
        routes = Dictionary(
            table.routes.map { route in
                let metrics = RouteMetrics(
                    route: route.path, method: route.method.rawValue, statuses: route.statuses, factory: factory)
                return (Key(path: RouterPath(route.path).description, method: route.method), metrics)
            }
        ) { first, _ in first }
        other = RouteMetrics(route: "other", method: "other", statuses: [204, 404, 405], factory: factory)
    }

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var status = 500
        defer { metrics(for: request.method, context.endpointPath).count(status: status, after: .now - start) }
        let response = try await next(request, context)
        status = response.status.code
        return response
    }

    private func metrics(for method: HTTPRequest.Method, _ path: String?) -> RouteMetrics {
        guard let path else { return other }
        return routes[Key(path: path, method: method == .head ? .get : method)] ?? other
    }
}

/// The counters and the timer of one route. Label values come from the route table, never from a request.
struct RouteMetrics: Sendable {
    private let counters: [Int: Counter]
    private let otherStatus: Counter
    private let timer: Timer

    /// - Parameter statuses: the statuses that have a counter each. 500 always has a counter. All other statuses share
    ///   the counter `other`.
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
