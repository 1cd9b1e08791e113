import HTTPTypes
import Hummingbird

/// Answers requests that match no route: 405 with `Allow` if the path has routes for other methods, otherwise 404.
///
/// Below `/oauth2` the body is an OAuth error, elsewhere a problem document.
struct UnroutedRequests: RouterMiddleware {
    typealias Context = APIRequestContext

    let table: RouteTable

    private static func hasEmptySegment(_ path: String) -> Bool {
        path.utf8.count > 1 && path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().contains("")
    }

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        do {
            // The router ignores empty segments. Without this check, `DELETE /api/sessions/` (the id was left out by
            // mistake) would end all sessions.
            guard !Self.hasEmptySegment(path) else { throw HTTPError(.notFound) }
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let methods = table.methods(at: path)
            let problem = methods.isEmpty ? Problem.notFound : Problem.methodNotAllowed(methods)
            let response = path.hasPrefix("/oauth2/") ? OAuthError(problem).response() : problem.response()
            // A response to HEAD must not have a body (RFC 9110 section 9.3.2). The client would read a body as the
            // next response.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
