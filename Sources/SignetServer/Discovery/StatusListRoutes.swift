import HTTPTypes
import Hummingbird
import SignetIssuer

/// The issuer's status lists (draft-ietf-oauth-status-list, section 8), for anybody.
struct StatusListRoutes: Sendable {
    let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    var routes: [Route] {
        [Route(.get, "/.well-known/status-lists/{id}", statuses: [200, 304, 404, 503], handler: list)]
    }

    @Sendable
    private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        guard let number = context.parameters.get("id").flatMap(Self.number),
            let published = try await issuer.statusList(number)
        else { throw Problem.notFound }
        let headers: HTTPFields = [
            .cacheControl: "public, max-age=\(published.maxAge)", .eTag: published.entityTag,
            .accessControlAllowOrigin: "*",
        ]
        guard !EntityTag.isPresent(published.entityTag, in: request.headers[values: .ifNoneMatch]) else {
            return Response(status: .notModified, headers: headers)
        }
        var all = headers
        all[.contentType] = PublishedStatusList.mediaType
        return Response(
            status: .ok, headers: all, body: ResponseBody(byteBuffer: ByteBuffer(bytes: published.body)))
    }

    /// A number in the one spelling that it has.
    private static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 4, let number = Int(text), String(number) == text else { return nil }
        return number
    }

}
