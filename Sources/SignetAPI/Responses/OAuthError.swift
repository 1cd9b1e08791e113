import HTTPTypes
import JOSE
import SignetIssuer

/// An error response of the `/oauth2` endpoints (RFC 6749 section 5.2).
struct OAuthError: Error, Equatable, Sendable {
    let status: HTTPResponse.Status
    /// An error code of RFC 6749 or its extensions: `invalid_request`, `invalid_client`, `invalid_grant` and others.
    let code: String
    let message: String
    var headers: HTTPFields = [:]

    static func invalidRequest(_ message: String) -> OAuthError {
        OAuthError(status: .badRequest, code: "invalid_request", message: message)
    }

    /// The error `invalid_client`: client authentication is missing or failed.
    /// - Parameter usedHeader: whether the request carried credentials in the `Authorization` header.
    static func invalidClient(usedHeader: Bool) -> OAuthError {
        OAuthError(
            status: .unauthorized, code: "invalid_client",
            message: usedHeader
                ? "The client id or secret is wrong." : "The client id or secret is missing or wrong.",
            headers: [.wwwAuthenticate: "Basic realm=\"signet\", charset=\"UTF-8\""])
    }

    func response() -> APIResponse {
        .json(
            ["error": .string(code), "error_description": .string(message)], status: status, fields: headers)
    }
}

extension OAuthError {
    /// Converts an error of the issuer to a response. The response omits the error's detail, which is for the log.
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
                status: .badRequest, code: "invalid_scope",
                message: "The scope is malformed, or more than the client or the login may request.")
        case .invalidTarget:
            self.init(
                status: .badRequest, code: "invalid_target",
                message: "A resource or audience is malformed, or more than the client or the login may request.")
        case .insufficientPermission, .insufficientScope:
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

    /// The response to a request whose path or method no route serves.
    init(_ problem: Problem) {
        self.init(
            status: problem.status, code: "invalid_request", message: problem.message, headers: problem.headers)
    }

    /// The response to a request that is malformed, or whose body is too large or has the wrong media type.
    init(_ refusal: RequestRefusal) {
        self.init(status: refusal.status, code: "invalid_request", message: refusal.message)
    }
}
