import CoreMetrics
package import HTTPTypes
import Hummingbird

/// All routes of one listener: what the router is built from, and who knows which methods a path has.
package struct RouteTable: Sendable {
    package let routes: [Route]

    package init(_ routes: [Route]) { self.routes = routes }

    /// The methods that answer at `path`, for the `Allow` header; empty when nothing does. `HEAD` comes with `GET`.
    package func methods(at path: String) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for route in routes where Self.matches(path, template: route.path) {
            methods.append(route.method)
            if route.method == .get { methods.append(.head) }
        }
        return methods
    }

    /// Whether a request path is an instance of a template with `{name}` segments.
    private static func matches(_ path: String, template: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let pattern = template.split(separator: "/", omittingEmptySubsequences: false)
        return segments.count == pattern.count
            && zip(segments, pattern).allSatisfy { segment, part in
                part.hasPrefix("{") ? !segment.isEmpty : segment == part
            }
    }

    /// Builds the router: every route with its errors mapped, and an answer for whatever has no route.
    /// - Parameters:
    ///   - browser: what pages of other origins are told; `nil` for nothing.
    ///   - proxies: whose word on a request's address is taken.
    ///   - metrics: where requests are counted; `nil` for nowhere.
    func router(
        browser: BrowserPolicy? = nil, proxies: TrustedProxies = .none, metrics: (any MetricsFactory)? = nil
    ) -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self, options: [.autoGenerateHeadEndpoints])
        if let metrics { router.add(middleware: RequestMetrics(table: self, factory: metrics)) }
        router.add(middleware: UpgradeOffers())
        if proxies != .none { router.add(middleware: ForwardedAddresses(proxies: proxies)) }
        if let browser { router.add(middleware: CrossOriginRequests(policy: browser)) }
        router.add(middleware: UnroutedRequests(table: self))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                await ErrorResponder(format: route.errors).respond(to: request, context: context, with: route.handler)
            }
        }
        return router
    }
}
