import HTTPTypes

// This folder holds the rules for pages of other origins (CORS) and the cookie for refresh tokens. It depends on no
// endpoint.

/// The origins whose pages may use the first-party API, and the cookie that carries their refresh tokens.
package struct BrowserPolicy: Sendable {
    private let origins: Set<String>
    let cookie: RefreshCookie

    /// Allows the pages of the issuer's own origin and of `allowedOrigins`.
    package init(identifier: IssuerIdentifier, allowedOrigins: [WebOrigin] = []) {
        origins = Set((allowedOrigins + [WebOrigin(of: identifier)]).map(\.text))
        cookie = RefreshCookie(path: identifier.path + "/api")
    }

    /// The value of the `Origin` header if it is an allowed origin; otherwise `nil`.
    func allowedOrigin(in fields: HeaderFields) -> String? {
        let values = fields[values: .origin]
        guard values.count == 1, let origin = values.first, origins.contains(origin) else { return nil }
        return origin
    }

    /// Checks that a page of an allowed origin sent the request. Call it before using or setting the refresh token
    /// cookie.
    ///
    /// `Sec-Fetch-Site: same-origin` is enough. If `Sec-Fetch-Site` is missing or is `same-site` or `cross-site`, the
    /// `Origin` header must name an allowed origin. Scripts in a page can set neither header.
    /// - Throws: ``Problem/originNotAllowed`` in all other cases, for example if one of the two headers is repeated.
    func checkSource(of fields: HeaderFields) throws(Problem) {
        let sites = fields[values: .secFetchSite]
        guard sites.count <= 1 else { throw .originNotAllowed }
        switch sites.first {
        case "same-origin": return
        case nil, "same-site", "cross-site":
            guard allowedOrigin(in: fields) != nil else { throw .originNotAllowed }
        default: throw .originNotAllowed
        }
    }
}

// Cross-origin requests (CORS) below `/api/` (Fetch standard, section 3.2). A response to an origin that is not allowed
// has no CORS headers, so the browser hides the response from the page.
extension BrowserPolicy {
    /// The answer to a preflight request of an allowed origin; `nil` for any other request.
    func preflight(_ fields: HeaderFields) -> APIResponse? {
        guard fields[.accessControlRequestMethod] != nil, let origin = allowedOrigin(in: fields) else { return nil }
        return APIResponse(
            status: .noContent,
            fields: [
                .accessControlAllowOrigin: origin, .accessControlAllowCredentials: "true",
                .accessControlAllowMethods: "GET, HEAD, POST, DELETE",
                .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600",
                .vary: "Origin",
            ])
    }

    /// Adds `Vary: Origin` to a response. If the request comes from an allowed origin, also adds the CORS headers.
    func addFields(to response: inout HTTPFields, for request: HeaderFields) {
        // Responses without CORS headers also need `Vary`. Otherwise a cache could send such a response to a page of an
        // allowed origin, and the browser would hide the response from the page.
        response.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin = allowedOrigin(in: request) else { return }
        response.append(HTTPField(name: .accessControlAllowOrigin, value: origin))
        response.append(HTTPField(name: .accessControlAllowCredentials, value: "true"))
        response.append(HTTPField(name: .accessControlExposeHeaders, value: "Retry-After, WWW-Authenticate"))
    }
}
