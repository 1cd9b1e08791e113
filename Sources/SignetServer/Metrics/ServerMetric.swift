/// What the server measures, by the name that a metrics backend shows. Names are relied on by dashboards and alerts.
package enum ServerMetric: String, Sendable, CaseIterable {
    case requests = "signet_http_requests_total"
    case requestSeconds = "signet_http_request_seconds"
    case connections = "signet_http_connections"
    case startedAt = "process_start_time_seconds"

    /// One sentence for the operator.
    package var help: String {
        switch self {
        case .requests: "Requests of the API, by route, method and status; HEAD counts as GET."
        case .requestSeconds: "Time until the answer to a request was ready, by route and method."
        case .connections: "Connections of the API that are open."
        case .startedAt: "When the process started."
        }
    }
}
