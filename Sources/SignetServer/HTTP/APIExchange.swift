import CoreMetrics
import HTTPTypes
import Logging
import SignetAPI

/// What both lanes of a listener do around a call of the ``API``: find the client's address, count and time the request,
/// and log a failure. The lanes are Hummingbird (``APIResponder``) and the ``FastLane``.
struct APIExchange: Sendable {
    let api: API
    private let proxies: TrustedProxies
    private let metrics: RequestMetrics?

    /// - Parameters:
    ///   - proxies: the proxies whose `X-Forwarded-For` sets the client's address.
    ///   - metrics: the factory for request counters; `nil` for no counters.
    init(_ api: API, proxies: TrustedProxies = .none, metrics: (any MetricsFactory)? = nil) {
        self.api = api
        self.proxies = proxies
        self.metrics = metrics.map { RequestMetrics(endpoints: api.table.endpoints, factory: $0) }
    }

    func readsBody(_ match: EndpointTable.Match) -> Bool {
        guard case .endpoint(let index, _) = match else { return false }
        return api.table.endpoints[index].readsBody
    }

    /// The client's address.
    /// - Parameter peer: the address at the other end of the connection.
    func address(peer: String, _ fields: HeaderFields) -> String {
        proxies == .none ? peer : proxies.client(peer: peer, forwardedFor: fields[values: .xForwardedFor])
    }

    /// Counts a request and writes what the operator has to know about it to the log.
    func record(
        _ response: APIResponse, of match: EndpointTable.Match, method: HTTPRequest.Method,
        since start: ContinuousClock.Instant, in logger: Logger
    ) {
        metrics?.count(match, status: response.status.code, after: .now - start)
        guard let fault = response.fault else { return }
        var metadata: Logger.Metadata = [fault.code == nil ? "error" : "detail": "\(fault.detail)"]
        if let code = fault.code { metadata["code"] = "\(code)" }
        if fault.isFailure {
            logger.error("request failed", metadata: metadata)
        } else {
            logger.debug("request refused", metadata: metadata)
        }
    }
}
