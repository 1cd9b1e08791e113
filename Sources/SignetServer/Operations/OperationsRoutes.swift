import HTTPTypes
import Hummingbird
import JOSE
import Logging
import PrometheusExposition
import SignetIssuer

// This folder holds the health and metrics endpoints for orchestrators and monitoring. A separate listener serves these
// endpoints, so that they are not public by accident.

/// The health and metrics endpoints.
struct OperationsRoutes: Sendable {
    let issuer: Issuer
    let metrics: PrometheusRegistry

    var routes: [Route] {
        [
            Route(.get, "/health/live", statuses: [200]) { _, _ in .json(["status": "live"]) },
            Route(.get, "/health/ready", statuses: [200, 503], handler: ready),
            Route(.get, "/metrics", statuses: [200]) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: PrometheusRegistry.mediaType, .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
            },
        ]
    }

    /// Answers 200 if the store can be read and a signing key is active, otherwise 503.
    @Sendable
    private func ready(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        do {
            try issuer.checkReadiness()
            return .json(["status": "ready"])
        } catch {
            context.logger.error("not ready", metadata: ["error": "\(error)"])
            return .json(["status": "unavailable"], status: .serviceUnavailable, headers: [.retryAfter: "1"])
        }
    }
}
