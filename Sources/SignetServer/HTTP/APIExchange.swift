import CoreMetrics
import HTTPTypes
import Logging
import NIOCore
import SignetAPI

/// Does the work around each call of the ``API``: finds the client's address, counts and times the request, and logs a
/// failure. Hummingbird's responder (``APIResponder``) and the ``FastLane`` both use it.
struct APIExchange: Sendable {
    let api: API
    private let proxies: TrustedProxies
    private let metrics: RequestMetrics?

    /// Creates the exchange for requests to `api`.
    /// - Parameters:
    ///   - proxies: the reverse proxies whose `X-Forwarded-For` header is trusted to name the client's address.
    ///   - metrics: creates the counters and timers of requests; `nil` to count nothing.
    init(_ api: API, proxies: TrustedProxies = .none, metrics: (any MetricsFactory)? = nil) {
        self.api = api
        self.proxies = proxies
        self.metrics = metrics.map { RequestMetrics(endpoints: api.table.endpoints, factory: $0) }
    }

    func readsBody(_ match: EndpointTable.Match) -> Bool {
        guard case .endpoint(let index, _) = match else { return false }
        return api.table.endpoints[index].readsBody
    }

    /// The client's address: `peer`, or the address that a trusted proxy names in `X-Forwarded-For`.
    /// - Parameter peer: the address at the other end of the connection.
    func address(peer: String, _ fields: HeaderFields) -> String {
        proxies == .none ? peer : proxies.client(peer: peer, forwardedFor: fields[values: .xForwardedFor])
    }

    /// Counts a request by its endpoint and `status`, and records the time since `start`, when the request was
    /// received.
    func count(_ match: EndpointTable.Match, status: Int, since start: NIODeadline) {
        metrics?.count(match, status: status, after: .now() - start)
    }

    /// Counts and times a request. If `response` has a ``APIResponse/fault``, logs it: at the level `error` if the
    /// server failed, at the level `debug` if the request was refused.
    func record(
        _ response: APIResponse, of match: EndpointTable.Match, since start: NIODeadline, in logger: Logger
    ) {
        count(match, status: response.status.code, since: start)
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
