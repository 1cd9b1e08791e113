import HTTPTypes
import Hummingbird
import JOSE
import Logging
import PrometheusExposition
import SignetIssuer
import SignetStore

// The operations room holds the endpoints for orchestrators and monitoring. A separate listener serves them, so that they
// are never public by accident.

/// The health and metrics endpoints.
struct OperationsRoutes: Sendable {
    let store: any Store
    let keyring: Keyring
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
            _ = try store.read { reader in try reader.users(after: nil, limit: 1).count }
            guard keyring.signingKeyID(at: .system()) != nil else {
                throw IssuerError(.storeUnavailable, "the keyring has no active signing key")
            }
            return .json(["status": "ready"])
        } catch {
            context.logger.error("not ready", metadata: ["error": "\(error)"])
            return .json(["status": "unavailable"], status: .serviceUnavailable, headers: [.retryAfter: "1"])
        }
    }
}
