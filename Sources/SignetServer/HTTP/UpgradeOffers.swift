import HTTPTypes
import Hummingbird
import NIOCore

/// Answers a request with an `Upgrade` header as HTTP/1.1 and then closes the connection.
///
/// A server may ignore `Upgrade` (RFC 9110 section 7.8). Java's HTTP client sends the header on every connection
/// without TLS.
struct UpgradeOffers: RouterMiddleware {
    typealias Context = APIRequestContext

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard request.headers[.upgrade] != nil || request.method == .connect else { return response }
        // After a request with `Upgrade` or with the method CONNECT, NIO's decoder stops reading. A further request on
        // this connection would get no answer.
        response.headers[.connection] = "close"
        // With its input closed, the server closes the connection after this response.
        context.channel.close(mode: .input, promise: nil)
        return response
    }
}
