import HTTPTypes
import Hummingbird
import NIOCore

/// Answers a request that offers another protocol (`Upgrade`) over the one it came in, and then ends the connection.
///
/// A server may ignore the offer (RFC 9110 section 7.8), but the decoder reads nothing behind such a request, so the next
/// one on the connection would wait for ever. Java's HTTP client makes the offer on every connection without TLS.
struct UpgradeOffers: RouterMiddleware {
    typealias Context = APIRequestContext

    @concurrent
    func handle(
        _ request: Request, context: APIRequestContext,
        next: @concurrent (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard request.headers[.upgrade] != nil || request.method == .connect else { return response }
        response.headers[.connection] = "close"
        // The body has been read as far as anybody wanted it; without more input the server ends after this answer.
        context.channel.close(mode: .input, promise: nil)
        return response
    }
}
