import HTTPTypes
import Hummingbird

/// Replaces the address of the connection by the one that trusted proxies report.
struct ForwardedAddresses: RouterMiddleware {
    typealias Context = APIRequestContext

    let proxies: TrustedProxies

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.remoteAddress = proxies.client(
            peer: context.remoteAddress, forwardedFor: request.headers[values: .xForwardedFor])
        return try await next(request, context)
    }
}
