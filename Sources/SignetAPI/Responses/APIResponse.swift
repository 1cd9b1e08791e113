package import HTTPTypes
import JOSE

// This folder holds HTTP responses as values, and makes them from errors and from published documents. It depends on no
// endpoint and no HTTP server.

/// One HTTP response, complete with its body. The HTTP server adds the `Date` field and sends the response.
package struct APIResponse: Sendable {
    package let status: HTTPResponse.Status
    /// The fields of the response, without `Content-Length`.
    package var fields: HTTPFields
    package internal(set) var body: Body
    /// The cause of a refusal or a failure, for the operator's log; `nil` if there is nothing to log. The client does
    /// not receive it.
    package internal(set) var fault: Fault?

    package enum Body: Sendable {
        case bytes([UInt8])
        /// The body of a public document, such as the JWK Set. The HTTP server may cache the encoded response, with the
        /// `PublishedDocument` object as the key.
        case document(PublishedDocument)
        /// No body, because the request is a HEAD request. `length` is the `Content-Length` that the response to GET
        /// would have.
        case omitted(length: Int)
    }

    init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = .bytes(body)
    }

    /// The value of `Content-Length`; `nil` for 204 and 304, which have none (RFC 9110 section 8.6).
    package var contentLength: Int? {
        guard status != .noContent, status != .notModified else { return nil }
        return switch body {
        case .bytes(let bytes): bytes.count
        case .document(let document): document.body.count
        case .omitted(let length): length
        }
    }

    /// The bytes of the body to send; empty for a response to HEAD.
    package var bytes: [UInt8] {
        switch body {
        case .bytes(let bytes): bytes
        case .document(let document): document.body
        case .omitted: []
        }
    }

    /// A copy of the response without the body, for HEAD (RFC 9110 section 9.3.2).
    func omittingBody() -> APIResponse {
        var response = self
        response.body = .omitted(length: contentLength ?? 0)
        return response
    }

    /// A JSON response.
    /// - Parameter fields: fields besides `Content-Type` and `Cache-Control: no-store`.
    static func json(
        _ object: JSONObject, status: HTTPResponse.Status = .ok, contentType: String = "application/json",
        fields: HTTPFields = [:]
    ) -> APIResponse {
        json(JSONValue.object(object).serialized(), status: status, contentType: contentType, fields: fields)
    }

    /// A JSON response whose body is encoded already.
    static func json(
        _ body: [UInt8], status: HTTPResponse.Status = .ok, contentType: String = "application/json",
        fields: HTTPFields = [:]
    ) -> APIResponse {
        var fields = fields
        fields.append(HTTPField(name: .contentType, value: contentType))
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        return APIResponse(status: status, fields: fields, body: body)
    }

    /// A response without a body (204).
    static func noContent(fields: HTTPFields = [:]) -> APIResponse {
        var fields = fields
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        return APIResponse(status: .noContent, fields: fields)
    }

    /// The cause of an error response, for the operator's log.
    package struct Fault: Sendable {
        /// Whether the service failed, for example because of its store; `false` if the service refused the request.
        package let isFailure: Bool
        /// The code of the `IssuerError` that caused the response; `nil` if another error caused it.
        package let code: String?
        package let detail: String
    }
}
