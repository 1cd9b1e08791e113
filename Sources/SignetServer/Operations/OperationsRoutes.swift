import HTTPTypes
import Hummingbird
import JOSE
import Logging
import PrometheusExposition
import SignetIssuer
import SignetStore

/// What an orchestrator asks: is the process alive, can it take requests, how does it do. Served on a listener of its own.
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

    /// Ready means that the store answers and that there is a key to sign with.
    @Sendable
    private func ready(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        do {
            _ = try store.read { reader in try reader.users(after: nil, limit: 1).count }
            guard keyring.signingKeyID(at: .system()) != nil else {
                throw IssuerError(.storeUnavailable, "no key of the keyring may sign now")
            }
            return .json(["status": "ready"])
        } catch {
            context.logger.error("not ready", metadata: ["error": "\(error)"])
            return .json(["status": "unavailable"], status: .serviceUnavailable, headers: [.retryAfter: "1"])
        }
    }
}
