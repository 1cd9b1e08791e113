import HTTPTypes
import SignetIssuer

extension Problem {
    /// What the caller of the first-party API learns of an issuer's error.
    init(_ error: IssuerError) {
        switch error.code {
        case .invalidInput:
            self.init(
                status: .badRequest, code: "invalid_input", title: "Invalid input",
                message: error.fields.map(\.message).joined(separator: "; "), fields: error.fields)
        case .userExists:
            self.init(
                status: .badRequest, code: "user_exists", title: "User exists", message: "User already exists")
        case .invalidCredentials:
            self.init(unauthorized: "invalid_credentials", message: "Invalid credentials", challenge: .none)
        case .tokenExpired:
            self.init(unauthorized: "token_expired", message: "Token expired", challenge: .invalidToken)
        case .tokenInvalid:
            self.init(unauthorized: "invalid_token", message: "Invalid token", challenge: .invalidToken)
        case .refreshTokenInvalid:
            self.init(
                unauthorized: "invalid_refresh_token", message: "Invalid refresh token", challenge: .none)
        case .refreshTokenDead:
            self.init(
                unauthorized: "refresh_token_dead", message: "Refresh token expired or invalid", challenge: .none)
        case .userNotFound:
            self.init(status: .notFound, code: "user_not_found", title: "Not found", message: "User not found")
        case .sessionNotFound:
            self.init(
                status: .notFound, code: "session_not_found", title: "Not found", message: "Session not found")
        case .tooManyAttempts:
            self.init(
                status: .tooManyRequests, code: "too_many_attempts", title: "Too many attempts",
                message: "Too many attempts. Try again later.", headers: [.retryAfter: "\(error.retryAfter ?? 1)"])
        case .busy, .storeUnavailable, .cryptographyUnavailable:
            self.init(
                status: .serviceUnavailable, code: "busy", title: "Busy",
                message: "The service is busy. Try again later.", headers: [.retryAfter: "\(error.retryAfter ?? 1)"])
        case .invalidClient, .insufficientPermission, .invalidScope, .invalidTarget, .clientNotFound, .internal:
            self.init(
                status: .internalServerError, code: "internal", title: "Internal error",
                message: "Something went wrong on our side.")
        }
    }

    /// Nobody sent a token to a route that needs one.
    static let tokenMissing = Problem(
        unauthorized: "missing_token", message: "Access denied. No token provided.", challenge: .none)

    /// Which RFC 6750 error a 401 names: none where no access token was presented.
    private enum Challenge { case none, invalidToken }

    private init(unauthorized code: String, message: String, challenge: Challenge) {
        let header =
            switch challenge {
            case .none: "Bearer realm=\"signet\""
            case .invalidToken: "Bearer realm=\"signet\", error=\"invalid_token\", error_description=\"\(message)\""
            }
        self.init(
            status: .unauthorized, code: code, title: "Unauthorized", message: message,
            headers: [.wwwAuthenticate: header])
    }

    init(_ refusal: RequestRefusal) {
        let code =
            switch refusal {
            case .bodyTooLarge: "body_too_large"
            case .unsupportedMediaType: "unsupported_media_type"
            case .malformed: "malformed_request"
            }
        self.init(status: refusal.status, code: code, title: refusal.status.reasonPhrase, message: refusal.message)
    }
}
