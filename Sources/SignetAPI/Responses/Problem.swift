import HTTPTypes
import JOSE
import SignetIssuer

/// An error response of the `/api` endpoints: `application/problem+json` (RFC 9457).
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    /// A stable error identifier. Client programs may compare it.
    let code: String
    let title: String
    /// A text about the error that clients may show to users.
    let message: String
    var fields: [FieldError] = []
    var headers: HTTPFields = [:]

    static let notFound = Problem(
        status: .notFound, code: "not_found", title: "Not found", message: "There is nothing at this path.")

    /// The `refreshToken` field is missing, empty or not a string.
    static let refreshTokenRequired = Problem(
        status: .badRequest, code: "refresh_token_required", title: "Invalid input", message: "Refresh token required",
        fields: [FieldError(field: "refreshToken", code: .required, message: "Refresh token required")])

    /// The refresh token cookie came with a request from an origin that is not allowed.
    static let originNotAllowed = Problem(
        status: .forbidden, code: "origin_not_allowed", title: "Forbidden",
        message: "Requests with this cookie are not accepted from this origin.")

    /// A route that needs an access token received none.
    static let tokenMissing = Problem(
        unauthorized: "missing_token", message: "Access denied. No token provided.", challenge: .none)

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            status: .methodNotAllowed, code: "method_not_allowed", title: "Method not allowed",
            message: "This path answers to \(names).", headers: [.allow: names])
    }

    func response() -> APIResponse {
        var body: JSONObject = [
            "type": "about:blank", "title": .string(title), "status": .integer(Int64(status.code)),
            "detail": .string(message), "code": .string(code), "message": .string(message),
        ]
        if !fields.isEmpty {
            body["errors"] = .array(
                fields.map { field in
                    .object([
                        "field": .string(field.field), "code": .string(field.code.rawValue),
                        "message": .string(field.message),
                    ])
                })
        }
        return .json(body, status: status, contentType: "application/problem+json", fields: headers)
    }
}

extension Problem {
    /// Converts an error of the issuer to a response. The response omits the error's detail, which is for the log.
    init(_ error: IssuerError) {
        switch error.code {
        case .invalidInput:
            self.init(
                status: .badRequest, code: "invalid_input", title: "Invalid input",
                message: error.fields.map(\.message).joined(separator: "; "), fields: error.fields)
        case .invalidScope:
            self.init(invalid: "scope", message: "scope must be a part of the scope that the login granted")
        case .invalidTarget:
            self.init(invalid: "audience", message: "audience must name audiences that the login granted")
        case .insufficientScope:
            let message = "The access token lacks the scope \(FirstParty.scope)"
            self.init(
                status: .forbidden, code: "insufficient_scope", title: "Forbidden", message: message,
                headers: [
                    .wwwAuthenticate: "Bearer realm=\"signet\", error=\"insufficient_scope\", "
                        + "error_description=\"\(message)\", scope=\"\(FirstParty.scope)\""
                ])
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
        case .invalidClient, .insufficientPermission, .clientNotFound, .internal:
            self.init(
                status: .internalServerError, code: "internal", title: "Internal error",
                message: "Something went wrong on our side.")
        }
    }

    /// The response to a request with one invalid field.
    private init(invalid field: String, message: String) {
        self.init(
            status: .badRequest, code: "invalid_input", title: "Invalid input", message: message,
            fields: [FieldError(field: field, code: .invalidValue, message: message)])
    }

    /// Converts the reason why a request could not be read to a response.
    init(_ refusal: RequestRefusal) {
        let code =
            switch refusal {
            case .bodyTooLarge: "body_too_large"
            case .unsupportedMediaType: "unsupported_media_type"
            case .malformed: "malformed_request"
            }
        self.init(status: refusal.status, code: code, title: refusal.status.reasonPhrase, message: refusal.message)
    }

    /// The error code in the `WWW-Authenticate` header of a 401 (RFC 6750 section 3.1).
    private enum Challenge {
        /// The header has no error code, because the request carried no access token, for example a login.
        case none
        case invalidToken
    }

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
}
