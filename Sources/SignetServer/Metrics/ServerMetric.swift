// Code in this folder names and records the metrics of the HTTP listeners. It must not know single routes or settings.

/// The metrics of the server. Raw values are the published names: dashboards and alerts depend on them.
package enum ServerMetric: String, Sendable, CaseIterable {
    case requests = "signet_http_requests_total"
    case requestSeconds = "signet_http_request_seconds"
    case connections = "signet_http_connections"
    case startedAt = "process_start_time_seconds"

    /// One sentence that tells the operator what the metric measures.
    package var help: String {
        switch self {
        case .requests: "API requests by route, method and status; HEAD counts as GET."
        case .requestSeconds: "Time from an API request to the start of its response, by route and method."
        case .connections: "Open connections to the API."
        case .startedAt: "Unix time at which the process started, in seconds."
        }
    }
}
