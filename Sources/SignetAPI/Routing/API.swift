package import HTTPTypes
import SignetIssuer

/// The HTTP API of one listener. Finds the endpoint for a request, runs the endpoint, and converts every error to a
/// response in the endpoint's error format. The HTTP server calls this type.
package struct API: Sendable {
    package let table: EndpointTable
    /// The path of the issuer identifier. It is empty, or it starts with `/` and does not end with `/`.
    private let issuerPath: String
    private let browser: BrowserPolicy?

    /// Creates the API of one listener.
    /// - Parameters:
    ///   - issuerPath: the path of the issuer identifier, for example `/id` for `https://example.com/id`. A request
    ///     path may start with the issuer's path, or a proxy may have removed the issuer's path.
    ///   - browser: the cross-origin policy; `nil` for no CORS headers.
    package init(_ endpoints: [Endpoint], issuerPath: String = "", browser: BrowserPolicy? = nil) {
        table = EndpointTable(endpoints)
        self.issuerPath = issuerPath
        self.browser = browser
    }

    /// Finds the endpoint for a request.
    /// - Parameter path: without the query.
    package func match(_ method: HTTPRequest.Method, _ path: Substring) -> EndpointTable.Match {
        table.match(method, withoutIssuerPath(path))
    }

    /// The public document that the endpoint of `match` publishes, for an HTTP server that caches encoded responses.
    ///
    /// The document is the response to any GET request without `If-None-Match`. No other header field or query
    /// parameter changes this response.
    /// - Returns: a function that makes the document; `nil` if the endpoint does not publish a document.
    package func document(at match: EndpointTable.Match) -> (@Sendable () throws -> PublishedDocument)? {
        guard case .endpoint(let index, _) = match, case .published(let document) = table.endpoints[index].answer
        else { return nil }
        return document
    }

    /// The answer to a request, if the endpoint can compute it without suspending.
    /// - Parameter match: the result of ``match(_:_:)`` for this request.
    /// - Returns: `nil` if the endpoint has to suspend. Then call ``respond(to:matching:)``.
    package func respondAtOnce(to request: APIRequest, matching match: EndpointTable.Match) -> APIResponse? {
        guard case .endpoint(let index, let parameter) = match else { return unrouted(request, match) }
        let endpoint = table.endpoints[index]
        var request = request
        request.parameter = parameter
        do {
            return try endpoint.responseAtOnce(to: request).map {
                finish($0, of: request, allowsOrigins: endpoint.allowsOrigins)
            }
        } catch {
            return refuse(request, because: error, at: endpoint)
        }
    }

    /// The answer to a request.
    /// - Parameter match: the result of ``match(_:_:)`` for this request.
    package func respond(to request: APIRequest, matching match: EndpointTable.Match) async -> APIResponse {
        guard case .endpoint(let index, let parameter) = match else { return unrouted(request, match) }
        let endpoint = table.endpoints[index]
        var request = request
        request.parameter = parameter
        do {
            return finish(try await endpoint.response(to: request), of: request, allowsOrigins: endpoint.allowsOrigins)
        } catch {
            return refuse(request, because: error, at: endpoint)
        }
    }

    /// The answer to a request.
    package func respond(to request: APIRequest) async -> APIResponse {
        await respond(to: request, matching: match(request.method, request.path))
    }

    // MARK: - Around an endpoint

    private func withoutIssuerPath(_ path: Substring) -> Substring {
        // Keep the issuer's path if the whole path names an endpoint. For example, if the issuer's path is `/api`, the
        // path `/api/login` names an endpoint.
        guard !issuerPath.isEmpty, path.hasPrefix(issuerPath), path.dropFirst(issuerPath.count).first == "/",
            !table.contains(path)
        else { return path }
        return path.dropFirst(issuerPath.count)
    }

    /// The response to a request that no endpoint serves.
    ///
    /// A preflight request of an allowed origin gets the CORS headers. If the path has endpoints for other methods, the
    /// response is 405 with `Allow`; otherwise it is 404. Below `/oauth2/` the body is an OAuth error, elsewhere a
    /// problem document.
    private func unrouted(_ request: APIRequest, _ match: EndpointTable.Match) -> APIResponse {
        let path = withoutIssuerPath(request.path)
        let allowsOrigins = path.hasPrefix("/api/")
        if allowsOrigins, request.method == .options, let answer = browser?.preflight(request.fields) { return answer }
        let problem: Problem =
            if case .methodNotAllowed(let methods) = match { .methodNotAllowed(methods) } else { .notFound }
        let response = path.hasPrefix("/oauth2/") ? OAuthError(problem).response() : problem.response()
        return finish(response, of: request, allowsOrigins: allowsOrigins)
    }

    private func refuse(_ request: APIRequest, because error: any Error, at endpoint: Endpoint) -> APIResponse {
        finish(
            Self.response(for: error, as: endpoint.errors), of: request, allowsOrigins: endpoint.allowsOrigins)
    }

    private func finish(_ response: APIResponse, of request: APIRequest, allowsOrigins: Bool) -> APIResponse {
        var response = response
        if allowsOrigins, let browser { browser.addFields(to: &response.fields, for: request.fields) }
        return request.method == .head ? response.omittingBody() : response
    }

    // MARK: - Errors

    private static func response(for error: any Error, as format: Endpoint.ErrorFormat) -> APIResponse {
        switch error {
        case let problem as Problem: return problem.response()
        case let error as OAuthError: return error.response()
        case let refusal as RequestRefusal:
            return format == .problem ? Problem(refusal).response() : OAuthError(refusal).response()
        case let error as IssuerError:
            let isFailure = error.code == .internal || error.code == .storeUnavailable
            return response(
                for: error, as: format,
                fault: .init(isFailure: isFailure, code: error.code.rawValue, detail: error.detail))
        default:
            return response(
                for: IssuerError(.internal, "\(type(of: error))"), as: format,
                fault: .init(isFailure: true, code: nil, detail: "\(error)"))
        }
    }

    private static func response(
        for error: IssuerError, as format: Endpoint.ErrorFormat, fault: APIResponse.Fault
    ) -> APIResponse {
        var response = format == .problem ? Problem(error).response() : OAuthError(error).response()
        response.fault = fault
        return response
    }
}
