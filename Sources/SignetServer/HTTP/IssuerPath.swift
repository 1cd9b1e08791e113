import HTTPTypes
import Hummingbird

/// Takes the issuer's path off the paths of requests, so that every URL which the metadata names answers here: behind a
/// proxy that passes paths on as they are, and without one. A proxy may as well take the path off itself.
struct IssuerPath<Next: HTTPResponder>: HTTPResponder where Next.Context == APIRequestContext {
    /// Begins with `/` and does not end with one.
    private let path: String
    private let table: RouteTable
    private let next: Next

    /// - Parameters:
    ///   - path: the issuer's, empty for none.
    ///   - table: the routes behind `next`.
    init(_ path: String, of table: RouteTable, before next: Next) {
        self.path = path
        self.table = table
        self.next = next
    }

    @concurrent
    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        // What is a route as it stands stays one, should the issuer's path begin like it.
        guard !path.isEmpty, let full = request.head.path, full.hasPrefix(path + "/"),
            table.methods(at: request.uri.path).isEmpty
        else { return try await next.respond(to: request, context: context) }
        var head = request.head
        head.path = String(full.dropFirst(path.count))
        return try await next.respond(to: Request(head: head, body: request.body), context: context)
    }
}
