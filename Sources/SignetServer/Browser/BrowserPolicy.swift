import HTTPTypes
import Hummingbird

// This folder decides what pages of other origins may do and carries refresh tokens in cookies. It knows no route.

/// The origins whose pages may use the first-party API, and the cookie that carries their refresh tokens.
package struct BrowserPolicy: Sendable {
    private let origins: Set<String>
    let cookie: RefreshCookie

    /// - Parameters:
    ///   - identifier: the issuer identifier; its origin is always allowed.
    ///   - allowedOrigins: further allowed origins.
    package init(identifier: IssuerIdentifier, allowedOrigins: [WebOrigin] = []) {
        origins = Set((allowedOrigins + [WebOrigin(of: identifier)]).map(\.text))
        cookie = RefreshCookie(path: identifier.path + "/api")
    }

    /// The value of the `Origin` header if it is an allowed origin; otherwise `nil`.
    func allowedOrigin(in headers: HTTPFields) -> String? {
        let values = headers[values: .origin]
        guard values.count == 1, let origin = values.first, origins.contains(origin) else { return nil }
        return origin
    }

    /// Checks that a request with the refresh token cookie comes from a page of an allowed origin.
    ///
    /// `Sec-Fetch-Site: same-origin` is enough. For other sites, and for browsers that do not send `Sec-Fetch-Site`,
    /// the `Origin` header must be allowed. Scripts cannot set either header.
    /// - Throws: ``Problem/originNotAllowed``, also if a header is repeated or both are missing.
    func checkSource(of headers: HTTPFields) throws(Problem) {
        let sites = headers[values: .secFetchSite]
        guard sites.count <= 1 else { throw .originNotAllowed }
        switch sites.first {
        case "same-origin": return
        case nil, "same-site", "cross-site":
            guard allowedOrigin(in: headers) != nil else { throw .originNotAllowed }
        default: throw .originNotAllowed
        }
    }
}

/// Adds CORS headers for allowed origins to responses below `/api/` and answers their preflight requests (Fetch
/// standard, section 3.2).
///
/// Responses to other origins have no such headers, so browsers hide them from the page.
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
        // `Vary` is also set on responses without CORS headers. Otherwise a cache could send such a response to a page
        // of an allowed origin, and the browser would hide it.
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
