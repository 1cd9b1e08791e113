import HTTPFetching
import HTTPTypes

/// A public document, such as the JWK Set. Caches may store the document, and pages of any web origin may read it.
package final class PublishedDocument: Sendable {
    let body: [UInt8]
    /// The header fields of a 304 response: all fields of the full response except `Content-Type`.
    private let cacheFields: HTTPFields
    private let allFields: HTTPFields
    /// A strong entity tag with its quotes; `nil` for a document that is always sent in full.
    let entityTag: String?
    /// How long a cache may use the document, in seconds.
    let maxAge: Int

    init(body: [UInt8], contentType: String, maxAge: Int, entityTag: String?) {
        self.body = body
        self.maxAge = maxAge
        self.entityTag = entityTag
        var fields: HTTPFields = [
            .cacheControl: "public, max-age=\(maxAge)", .accessControlAllowOrigin: "*",
        ]
        if let entityTag { fields.append(HTTPField(name: .eTag, value: entityTag)) }
        cacheFields = fields
        fields.append(HTTPField(name: .contentType, value: contentType))
        allFields = fields
    }

    /// The response to a GET: the document, or 304 if `If-None-Match` names its entity tag (RFC 9110 section 13.1.2).
    func response(to request: APIRequest) -> APIResponse {
        if let entityTag, EntityTag.isNamed(entityTag, inIfNoneMatch: request.fields[values: .ifNoneMatch]) {
            return APIResponse(status: .notModified, fields: cacheFields)
        }
        return response
    }

    /// The response with the whole document.
    package var response: APIResponse {
        var response = APIResponse(status: .ok, fields: allFields)
        response.body = .document(self)
        return response
    }
}
