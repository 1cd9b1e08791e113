import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer

/// An error of the first-party API: `application/problem+json` (RFC 9457).
///
/// `code` is stable and meant for programs; `message` is the text that existing clients show.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    let code: String
    let title: String
    let message: String
    var fields: [FieldError] = []
    var headers: HTTPFields = [:]

    static let notFound = Problem(
        status: .notFound, code: "not_found", title: "Not found", message: "There is nothing at this path.")

    /// A refresh token is missing, empty or no text.
    static let refreshTokenRequired = Problem(
        status: .badRequest, code: "refresh_token_required", title: "Invalid input", message: "Refresh token required",
        fields: [FieldError(field: "refreshToken", code: .required, message: "Refresh token required")])

    /// A cookie came along with a request that no allowed page made.
    static let originNotAllowed = Problem(
        status: .forbidden, code: "origin_not_allowed", title: "Forbidden",
        message: "Requests with this cookie are not accepted from this origin.")

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(
            status: .methodNotAllowed, code: "method_not_allowed", title: "Method not allowed",
            message: "This path answers to \(names).", headers: [.allow: names])
    }

    func response() -> Response {
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
        return .json(body, status: status, contentType: "application/problem+json", headers: headers)
    }
}
