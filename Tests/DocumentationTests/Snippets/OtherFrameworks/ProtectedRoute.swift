import HTTPTypes
import SignetVerifier

/// Runs a route for requests with a valid token, and refuses all others.
struct ProtectedRoute: Sendable {
    let verifier: Verifier
    let scopes: Set<String>
    let log: @Sendable (String) -> Void
    let route: @Sendable (VerifiedToken) async throws -> HTTPResponse

    func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        do {
            let token = try await verifier.verify(
                BearerCredentials.token(authorization: request.headerFields[values: .authorization]))
            try token.require(scopes: scopes)
            return try await route(token)
        } catch let error as VerificationError {
            log("request refused: \(error)")  // for the operator, never part of the response
            var challenge = error.challenge
            challenge.realm = "orders"
            var response = HTTPResponse(status: .init(code: challenge.status))
            response.headerFields[.wwwAuthenticate] = challenge.headerValue
            response.headerFields[.retryAfter] = challenge.retryAfter.map(String.init)
            return response
        }
    }
}
