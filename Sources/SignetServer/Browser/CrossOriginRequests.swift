import HTTPTypes
import Hummingbird

/// Tells browsers which other origins' pages may use the first-party API and read its answers (CORS, the Fetch
/// standard, section 3.2). Pages of all others get no such header, and their browsers keep the answers from them.
struct CrossOriginRequests: RouterMiddleware {
    typealias Context = APIRequestContext

    let policy: BrowserPolicy

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path.hasPrefix("/api/") else { return try await next(request, context) }
        let origin = policy.allowedOrigin(in: request.headers)
        if let origin, request.method == .options, request.headers[.accessControlRequestMethod] != nil {
            return Response(status: .noContent, headers: Self.preflight(for: origin))
        }
        var response = try await next(request, context)
        // Caches are told even where the answer names no origin: to another one it might.
        response.headers[.vary] = "Origin"
        if let origin {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlAllowCredentials] = "true"
            response.headers[.accessControlExposeHeaders] = "Retry-After, WWW-Authenticate"
        }
        return response
    }

    private static func preflight(for origin: String) -> HTTPFields {
        [
            .accessControlAllowOrigin: origin, .accessControlAllowCredentials: "true",
            .accessControlAllowMethods: "GET, HEAD, POST, DELETE",
            .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600", .vary: "Origin",
        ]
    }
}
