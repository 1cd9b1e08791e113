import HTTPTypes

/// Which pages may talk to the first-party API from a browser, and the cookie that carries their refresh tokens.
package struct BrowserPolicy: Sendable {
    private let origins: Set<String>
    let cookie: RefreshCookie

    /// - Parameters:
    ///   - identifier: the issuer, whose own origin is always allowed.
    ///   - allowedOrigins: further ones.
    package init(identifier: IssuerIdentifier, allowedOrigins: [WebOrigin] = []) {
        origins = Set((allowedOrigins + [WebOrigin(of: identifier)]).map(\.text))
        cookie = RefreshCookie(path: identifier.path + "/api")
    }

    /// The origin that a request names, if it names one and that is allowed.
    func allowedOrigin(in headers: HTTPFields) -> String? {
        let values = headers[values: .origin]
        guard values.count == 1, let origin = values.first, origins.contains(origin) else { return nil }
        return origin
    }

    /// Checks that a request which a cookie speaks for was made by an allowed page.
    ///
    /// `Sec-Fetch-Site` decides where there is one: no script can set or change it. Browsers without it send `Origin`
    /// with every POST. What has neither was made by no page.
    /// - Throws: ``Problem/originNotAllowed``.
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
