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
            Endpoint(.get, "/health/ready", statuses: [200, 503], .immediateOrSuspending(readyAtHand, ready)),
            Endpoint(
                .get, "/metrics", statuses: [200],
                .suspending { _ in .json(Array(metricsPage().utf8), contentType: metricsType) }),
        ]
    }

    /// Answers 200 if the store can be read and a signing key is active, otherwise 503. `nil` if the answer has to wait
    /// for the store.
    @Sendable
    private func readyAtHand(_ request: APIRequest) -> APIResponse? {
        do {
            return try issuer.readinessInquiry().answerAtHand().map { Self.ready }
        } catch {
            return Self.unavailable(error)
        }
    }

    /// Waits for the store, and answers as ``readyAtHand(_:)``.
    @Sendable
    private func ready(_ request: APIRequest) async -> APIResponse {
        do {
            try await issuer.readinessInquiry().answer()
            return Self.ready
        } catch {
            return Self.unavailable(error)
        }
    }

    private static var ready: APIResponse { .json(["status": "ready"]) }

    private static func unavailable(_ error: any Error) -> APIResponse {
        var response = APIResponse.json(
            ["status": "unavailable"], status: .serviceUnavailable, fields: [.retryAfter: "1"])
        response.fault = .init(isFailure: true, code: nil, detail: "not ready: \(error)")
        return response
    }
}
