import CoreMetrics
import HTTPTypes
import Hummingbird

/// Counts requests by their route's template and takes their time. What no route takes counts as one more route, `other`:
/// paths and methods that somebody makes up become no labels.
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
