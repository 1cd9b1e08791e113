package import HTTPTypes
import JOSE

// This folder defines HTTP responses as values, and makes responses from errors and from published documents. It knows
// no endpoint and no transport.

/// One HTTP response, complete with its body. A transport adds `Date` and writes it.
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
        /// The body of a public document, such as the JWK Set. A transport may cache the encoded response under the
        /// identity of the `PublishedDocument` object.
        case document(PublishedDocument)
        /// A response to HEAD: the `Content-Length` of the body that GET would get, without the body.
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

    /// The bytes to send after the header.
    package var bytes: [UInt8] {
        switch body {
        case .bytes(let bytes): bytes
        case .document(let document): document.body
        case .omitted: []
        }
    }

    /// The same response without its body, for HEAD (RFC 9110 section 9.3.2).
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

    /// A refusal or a failure, for the operator's log.
    package struct Fault: Sendable {
        /// Whether the service failed. A refusal of a request is not a failure.
        package let isFailure: Bool
        /// The code of the `IssuerError` that caused the response; `nil` if another error caused it.
        package let code: String?
        package let detail: String
    }
}
