import HTTPTypes
import JOSE
package import SignetIssuer

// This folder holds the health and metrics endpoints for orchestrators and monitoring. The endpoints have a listener of
// their own, so that the public listener does not expose them.

/// The health and metrics endpoints.
package struct OperationsEndpoints: Sendable {
    private let issuer: Issuer
    private let metricsType: String
    private let metricsPage: @Sendable () -> String

    /// Creates the endpoints.
    /// - Parameters:
    ///   - metricsType: the media type of `/metrics`.
    ///   - metricsPage: renders the body of `/metrics`.
    package init(issuer: Issuer, metricsType: String, metricsPage: @escaping @Sendable () -> String) {
        self.issuer = issuer
        self.metricsType = metricsType
        self.metricsPage = metricsPage
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/health/live", statuses: [200], .immediate { _ in .json(["status": "live"]) }),
            Endpoint(.get, "/health/ready", statuses: [200, 503], .immediate(ready)),
            Endpoint(
                .get, "/metrics", statuses: [200],
                .suspending { _ in .json(Array(metricsPage().utf8), contentType: metricsType) }),
        ]
    }

    /// Answers 200 if the store can be read and a signing key is active, otherwise 503.
    @Sendable
    private func ready(_ request: APIRequest) -> APIResponse {
        do {
            try issuer.checkReadiness()
            return .json(["status": "ready"])
        } catch {
            var response = APIResponse.json(
                ["status": "unavailable"], status: .serviceUnavailable, fields: [.retryAfter: "1"])
            response.fault = .init(isFailure: true, code: nil, detail: "not ready: \(error)")
            return response
        }
    }
}
