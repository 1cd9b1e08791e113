import HTTPTypes
import Hummingbird

/// Removes the issuer's path from the start of a request path, so that the URLs in the metadata reach their routes.
///
/// An issuer `https://example.com/id` names `https://example.com/id/oauth2/token` in its metadata; the route is
/// `/oauth2/token`. A proxy may remove the path itself: a request without it reaches the same route.
struct IssuerPath<Next: HTTPResponder>: HTTPResponder where Next.Context == APIRequestContext {
    /// The issuer's path. It is empty, or it starts with `/` and does not end with `/`.
    private let path: String
    private let table: RouteTable
    private let next: Next

    /// - Parameters:
    ///   - path: the path of the issuer identifier; empty if it has none.
    ///   - table: the routes that `next` serves.
    init(_ path: String, of table: RouteTable, before next: Next) {
        self.path = path
        self.table = table
        self.next = next
    }

    @concurrent
    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        // A path that matches a route stays unchanged, even if it begins with the issuer's path. For example, the
        // issuer's path may be `/api`.
        guard !path.isEmpty, let full = request.head.path, full.hasPrefix(path + "/"),
            table.methods(at: request.uri.path).isEmpty
        else { return try await next.respond(to: request, context: context) }
        var head = request.head
        head.path = String(full.dropFirst(path.count))
        return try await next.respond(to: Request(head: head, body: request.body), context: context)
    }
}
