import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer

/// An error object of RFC 6749 section 5.2.
struct OAuthError: Error, Equatable, Sendable {
    let status: HTTPResponse.Status
    /// The registered code: `invalid_request`, `invalid_client`, `invalid_grant`, …
    let code: String
    let message: String
    var headers: HTTPFields = [:]

    static func invalidRequest(_ message: String) -> OAuthError {
        OAuthError(status: .badRequest, code: "invalid_request", message: message)
    }

    static func invalidClient(usedHeader: Bool) -> OAuthError {
        OAuthError(
            status: .unauthorized, code: "invalid_client",
            message: usedHeader
                ? "The client id or secret is wrong." : "The client id or secret is missing or wrong.",
            headers: [.wwwAuthenticate: "Basic realm=\"signet\", charset=\"UTF-8\""])
    }

    func response() -> Response {
        .json(
            ["error": .string(code), "error_description": .string(message)], status: status, headers: headers)
    }
}

extension OAuthError {
    /// What a client learns of an issuer's error.
    init(_ error: IssuerError) {
        switch error.code {
        case .refreshTokenInvalid, .refreshTokenDead, .invalidCredentials, .tokenExpired, .tokenInvalid,
            .userNotFound:
            self.init(
                status: .badRequest, code: "invalid_grant", message: "The refresh token is expired or invalid.")
        case .invalidClient:
            self = .invalidClient(usedHeader: true)
        case .invalidScope:
            self.init(
                status: .badRequest, code: "invalid_scope", message: "The client may not ask for this scope.")
        case .invalidTarget:
            self.init(
                status: .badRequest, code: "invalid_target",
                message: "A resource or audience is malformed or may not be asked for.")
        case .insufficientPermission:
            self.init(
                status: .forbidden, code: "insufficient_scope", message: "The client may not use this endpoint.")
        case .tooManyAttempts:
            self.init(
                status: .tooManyRequests, code: "temporarily_unavailable",
                message: "Too many attempts. Try again later.", headers: [.retryAfter: "\(error.retryAfter ?? 1)"])
        case .busy, .storeUnavailable, .cryptographyUnavailable:
            self.init(
                status: .serviceUnavailable, code: "temporarily_unavailable",
                message: "The service is busy. Try again later.", headers: [.retryAfter: "\(error.retryAfter ?? 1)"])
        case .invalidInput, .userExists, .sessionNotFound, .clientNotFound, .internal:
            self.init(
                status: .internalServerError, code: "server_error", message: "Something went wrong on our side.")
        }
    }

    /// A request that no endpoint takes.
    init(_ problem: Problem) {
        self.init(
            status: problem.status, code: "invalid_request", message: problem.message, headers: problem.headers)
    }

    init(_ refusal: RequestRefusal) {
        self.init(status: refusal.status, code: "invalid_request", message: refusal.message)
    }
}
