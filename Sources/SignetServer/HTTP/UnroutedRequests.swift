import HTTPTypes
import Hummingbird

/// Answers requests that no route takes: 405 with `Allow` where the path exists for other methods, else 404.
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
            let methods = table.methods(at: request.uri.path)
            let problem = methods.isEmpty ? Problem.notFound : Problem.methodNotAllowed(methods)
            // The bytes of a body would be read as the beginning of the next answer (RFC 9110 section 9.3.2).
            return request.method == .head ? problem.response().createHeadResponse() : problem.response()
        }
    }
}
