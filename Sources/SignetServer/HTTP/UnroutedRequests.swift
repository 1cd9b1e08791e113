import HTTPTypes
import Hummingbird

/// Answers requests that no route takes: 405 with `Allow` where the path exists for other methods, else 404, both in the
/// format of the endpoints around the path.
struct UnroutedRequests: RouterMiddleware {
    typealias Context = APIRequestContext

    let table: RouteTable

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let path = request.uri.path
            let methods = table.methods(at: path)
            let problem = methods.isEmpty ? Problem.notFound : Problem.methodNotAllowed(methods)
            let response = path.hasPrefix("/oauth2/") ? OAuthError(problem).response() : problem.response()
            // The bytes of a body would be read as the beginning of the next answer (RFC 9110 section 9.3.2).
            return request.method == .head ? response.createHeadResponse() : response
        }
    }
}
