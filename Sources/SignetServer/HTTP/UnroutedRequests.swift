import HTTPTypes
import Hummingbird

/// Answers requests that no route takes: 405 with `Allow` where the path exists for other methods, else 404, both in the
/// format of the endpoints around the path.
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
            // The router passes over empty segments: an id left out by mistake would name what holds all of them.
            guard !Self.hasEmptySegment(path) else { throw HTTPError(.notFound) }
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let methods = table.methods(at: path)
            let problem = methods.isEmpty ? Problem.notFound : Problem.methodNotAllowed(methods)
            let response = path.hasPrefix("/oauth2/") ? OAuthError(problem).response() : problem.response()
            // The bytes of a body would be read as the beginning of the next answer (RFC 9110 section 9.3.2).
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
