import CoreMetrics
import Hummingbird
package import SignetIssuer

extension Server {
    /// All routes of the API listener.
    /// - Parameter browser: the origins that may use the API; `nil` for the issuer's own origin alone.
    package static func apiRoutes(
        issuer: Issuer, identifier: IssuerIdentifier, browser: BrowserPolicy? = nil
    ) -> RouteTable {
        let browser = browser ?? BrowserPolicy(identifier: identifier)
        return RouteTable(
            FirstPartyRoutes(issuer: issuer, browser: browser).routes
                + SessionRoutes(issuer: issuer, browser: browser).routes
                + AccountRoutes(issuer: issuer, browser: browser).routes + OAuthRoutes(issuer: issuer).routes
                + DiscoveryRoutes(issuer: issuer, identifier: identifier).routes)
    }
}

extension RouteTable {
    /// Builds the router with its middleware. Errors of handlers and unmatched requests become error responses.
    /// - Parameters:
    ///   - browser: the cross-origin policy; `nil` for no CORS headers.
    ///   - proxies: the proxies whose `X-Forwarded-For` sets the client's address.
    ///   - metrics: the factory for request counters; `nil` for no counters.
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
