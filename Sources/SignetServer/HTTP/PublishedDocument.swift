import HTTPFetching
import HTTPTypes
import Hummingbird

/// A public document that caches may store and pages of any origin may read.
struct PublishedDocument: Sendable {
    let body: [UInt8]
    let contentType: String
    /// How long a cache may use the document, in seconds.
    let maxAge: Int
    /// A strong entity tag with its quotes; `nil` for a document that is always sent in full.
    let entityTag: String?

    /// The response to a GET: the document, or 304 if `If-None-Match` names its entity tag (RFC 9110 section 13.1.2).
    func response(to request: Request) -> Response {
        var headers: HTTPFields = [
            .cacheControl: "public, max-age=\(maxAge)", .accessControlAllowOrigin: "*",
        ]
        headers[.eTag] = entityTag
        if let entityTag, EntityTag.isNamed(entityTag, inIfNoneMatch: request.headers[values: .ifNoneMatch]) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = contentType
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
